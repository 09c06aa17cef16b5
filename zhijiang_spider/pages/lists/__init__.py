"""Reading list pages: ``section.extract_section_page`` gives entries and sections, ``next_page.find_next`` the next page."""
