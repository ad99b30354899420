"""What a headless run leaves behind: pictures, a contact sheet and one page that shows them."""
