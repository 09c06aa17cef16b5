"""Reading article pages: ``extract`` asks the others, one module for each thing that a page says."""
