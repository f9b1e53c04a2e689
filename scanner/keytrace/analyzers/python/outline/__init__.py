"""What a program does, block by block and word by word: made in time linear in it, and only of what is asked for."""
