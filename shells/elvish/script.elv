# Run by `elvish -norc`, which `cleanenv shell` becomes where standard input is no
# terminal, to take away the CLEANENV_* variables and run that as a script.
for name [INIT PYTHON PROMPT BASE_PATH HISTFILE] {
  unset-env CLEANENV_$name
}
eval (slurp)
