"""What runs inside a converter's environment.

Copied beside the request under the name ``maquette_worker`` and run from there, so these files use
the standard library, each other, and what the converter's requirements bring: no word of the app.
The app itself uses ``arrays`` alone.
"""
