# zsh: what a clean shell reads on a terminal, after .zshenv. Not in .zshenv with
# `unsetopt rcs`: zsh neither reads nor writes its history without that option.

builtin source "${${(%):-%x}:h}/init.zsh"
