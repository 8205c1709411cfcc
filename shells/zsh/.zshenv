# zsh: what a clean shell reads first. cleanenv starts `zsh -d` with ZDOTDIR naming
# this folder: zsh reads /etc/zsh/zshenv, then this file, then on a terminal .zshrc.

# Assignments and not commands: no alias or function of the system's stands in their way.
options[aliases]=off dis_functions[builtin]=:
[[ -o interactive ]] || builtin source "${${(%):-%x}:h}/init.zsh"
