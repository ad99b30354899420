"""A technique from outside whose import never ends."""

import time

while True:
    time.sleep(1)
