# Makes a string literal of the page, so that the daemon needs no file beside it: -DPAGE= -DOUT=
file(READ "${PAGE}" page)
file(WRITE "${OUT}" "R\"page(${page})page\"\n")
