"""Phone numbers that are reserved for fiction: 555-0100 to 555-0199, and Ofcom's for drama."""

from random import Random

from orchestrator.demo.sample.places import UK, US_PLACES, Place


class PhoneBook:
    """Gives each number out once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        codes = sorted({code for place in US_PLACES for code in place.area_codes})
        # The last ten numbers of every area are kept for our own staff.
        self._free = {
            code: self._shuffled([f"+1{code}55501{n:02d}" for n in range(90)]) for code in codes
        }
        self._uk_mobiles = self._shuffled([f"+447700900{n:03d}" for n in range(1000)])
        self._uk_landlines = self._shuffled([f"+442079460{n:03d}" for n in range(1000)])

    def draw(self, place: Place, *, is_mobile: bool) -> str:
        """A free number in E.164; from anywhere in the country when the city has none left."""
        if place.country == UK:
            return (self._uk_mobiles if is_mobile else self._uk_landlines).pop()
        near = [code for code in place.area_codes if self._free[code]]
        codes = near or [code for code, numbers in self._free.items() if numbers]
        if not codes:
            raise ValueError(
                "The sample asks for more people than there are fictional phone numbers."
            )
        return self._free[self._rng.choice(codes)].pop()

    def _shuffled(self, numbers: list[str]) -> list[str]:
        self._rng.shuffle(numbers)
        return numbers
