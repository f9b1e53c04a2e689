"""What is kept between runs, and files written whole."""
