# Loaded by `elvish -rc`, which `cleanenv shell` becomes, in place of every other
# startup file. Static: fed by CLEANENV_* variables, which it takes away.
#
# It runs in the namespace of the prompt, so its names are seen there.
var __cleanenv_python = (external $E:CLEANENV_PYTHON)
fn cleanenv {|@arguments| $__cleanenv_python -X utf8 -I -m cleanenv $@arguments }

var __cleanenv_base_path = $E:CLEANENV_BASE_PATH
var __cleanenv_marker = '('$E:CLEANENV_PROMPT') '
var __cleanenv_prompt = $edit:prompt
set edit:prompt = { put $__cleanenv_marker; $__cleanenv_prompt }

fn deactivate {|@mode|
  set-env PATH $__cleanenv_base_path
  for name [VIRTUAL_ENV VIRTUAL_ENV_PROMPT CONDA_PREFIX CONDA_DEFAULT_ENV] {
    unset-env $name
  }
  set edit:prompt = $__cleanenv_prompt
  if (not (has-value $mode nondestructive)) {
    edit:del-var deactivate~
  }
}

if (has-env CLEANENV_COLOR) {
  var color = $E:CLEANENV_COLOR
  edit:add-var ls~ {|@arguments| e:ls $color $@arguments }
}

for name [INIT PYTHON PROMPT BASE_PATH HISTFILE COLOR PS1] {
  unset-env CLEANENV_$name
}
