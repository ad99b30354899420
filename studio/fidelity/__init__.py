"""How close one picture is to another, and how real a set of pictures is."""
