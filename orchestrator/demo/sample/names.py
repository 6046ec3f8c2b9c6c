"""Given names and surnames, most frequent first; the frequency falls with the rank."""

from random import Random

_FEMALE_NAMES_TEXT = """
Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Nancy Lisa Margaret Betty
Sandra Ashley Dorothy Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca
Sharon Laura Cynthia Kathleen Amy Shirley Angela Helen Anna Brenda Pamela Nicole Samantha
Katherine Emma Ruth Christine Catherine Debra Rachel Carolyn Janet Virginia Maria Heather Diane
Julie Joyce Victoria Kelly Christina Joan Evelyn Lauren Judith Olivia Frances Martha Cheryl Megan
Andrea Hannah Jacqueline Ann Jean Alice Kathryn Gloria Teresa Doris Sara Janice Julia Marie
Madison Grace Judy Abigail Theresa Denise Beverly Amber Marilyn Danielle Rose Brittany Diana
Natalie Sophia Alexis Lori Kayla Jane Tiffany Tammy Charlotte Valerie Vanessa Wendy Yolanda Monica
Holly Claudia Priya Mei Fatima Aisha Ingrid Anneliese Svetlana Yuki Leila Noor Chloé Zoë Renée
Inés Lucía Sofía Siobhan Mary-Ann Anne-Marie
"""
FEMALE_NAMES = _FEMALE_NAMES_TEXT.split()

_MALE_NAMES_TEXT = """
James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew
Anthony Mark Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward
Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin
Samuel Gregory Alexander Frank Patrick Raymond Jack Dennis Jerry Tyler Aaron Jose Adam Nathan
Henry Douglas Zachary Peter Kyle Ethan Walter Noah Jeremy Christian Keith Roger Terry Gerald
Harold Sean Austin Carl Arthur Lawrence Dylan Jesse Jordan Bryan Billy Bruce Gabriel Joe Logan
Albert Willie Alan Juan Wayne Elijah Randy Roy Vincent Ralph Eugene Russell Bobby Mason Philip
Louis Martin Theodore Leonard Frederick Victor Marcus Oscar Rajesh Wei Hiroshi Omar Ahmed Dmitri
Lars Björn Jürgen André José Raúl Tomás Jean-Paul
"""
MALE_NAMES = _MALE_NAMES_TEXT.split()

_SURNAMES_TEXT = """
Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez
Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark
Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams
Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker
Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper
Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood Bennett
Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez
Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Fisher Vasquez Simmons
Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes
Bryant Herrera Gibson Ellis Tran Medina Stevens Murray Ford Castro Marshall Owens Harrison
Fernandez McDonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb Tucker Guzman
Burns Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz Hunt
Hicks Holmes Palmer Wagner Black Robertson Boyd Stone Salazar Fox Warren Mills Meyer Rice Schmidt
Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer
Hawkins Arnold Pierce Hansen Peters Santos Hart Bradley Knight Elliott Cunningham Duncan Armstrong
Hudson Carroll Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston Matthews
Pena Richards Contreras Willis Carpenter Lawrence Sandoval Guerrero George Chapman Rios Estrada
Ortega Watkins Greene Nunez Wheeler Valdez Harper Burke Larson Santiago Maldonado Morrison
Franklin Carlson Austin Dominguez Carr Lawson Jacobs Lynch Singh Vega Bishop Montgomery Oliver
Jensen Harvey Williamson Gilbert Dean Sims Espinoza Howell Li Wong Reid Hanson Le McCoy Garrett
Burton Fuller Wang Weber Welch Rojas Lucas Marquez Fields Park Yang Little Banks Padilla Day Walsh
Bowman Schultz Luna Fowler Mejia O'Brien O'Connor D'Angelo MacLeod Müller García Muñoz Núñez
Lefèvre Sørensen Håkansson Nowak Kowalski Petrov Tanaka Yamamoto Haddad Rahman Okafor Mbeki Zhang
Ivanova Papadopoulos Lindqvist Featherstone Abernathy Blackwood Thistlewood
"""
SURNAMES = _SURNAMES_TEXT.split()

# Family names of several words, which naive splitting breaks.
PARTICLE_SURNAMES = (
    "van der Berg",
    "de la Cruz",
    "van Dijk",
    "von Stein",
    "de Souza",
    "St. Clair",
    "del Toro",
    "Le Roux",
)


def _rank_weights(count: int) -> list[float]:
    """Zipf-Mandelbrot: the first name is about ten times as frequent as the eightieth."""
    return [1 / (rank + 9) for rank in range(count)]


_FEMALE_WEIGHTS = _rank_weights(len(FEMALE_NAMES))
_MALE_WEIGHTS = _rank_weights(len(MALE_NAMES))
_SURNAME_WEIGHTS = _rank_weights(len(SURNAMES))


def draw_given_name(rng: Random, *, is_female: bool) -> str:
    """One given name, frequent names more often."""
    names, weights = (FEMALE_NAMES, _FEMALE_WEIGHTS) if is_female else (MALE_NAMES, _MALE_WEIGHTS)
    return rng.choices(names, weights)[0]


def draw_surname(rng: Random) -> str:
    """One family name; some have a particle, some are two names with a hyphen."""
    if rng.random() < 0.02:
        return rng.choice(PARTICLE_SURNAMES)
    surname = rng.choices(SURNAMES, _SURNAME_WEIGHTS)[0]
    if rng.random() < 0.03:
        second = rng.choices(SURNAMES, _SURNAME_WEIGHTS)[0]
        return surname if second == surname else f"{surname}-{second}"
    return surname
