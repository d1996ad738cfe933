"""The people of the script, by their ids in the plan of the example company."""

from muster.rehearse.shop.beats import Person

ROBIN = Person("robin-vale", "Robin Vale")
MIKA = Person("mika-sandoval", "Mika Sandoval")
NOOR = Person("noor-lindgren", "Noor Lindgren")
INES = Person("ines-caruso", "Ines Caruso")
TOMAS = Person("tomas-brandt", "Tomas Brandt")
PRIYA = Person("priya-nair", "Priya Nair")
JONAS = Person("jonas-eklund", "Jonas Eklund")
AMARA = Person("amara-diallo", "Amara Diallo")
HELENE = Person("helene-marsh", "Helene Marsh")
YUSUF = Person("yusuf-kaya", "Yusuf Kaya")
CLAIRE = Person("claire-fontaine", "Claire Fontaine")
EVERYBODY = (ROBIN, MIKA, NOOR, INES, TOMAS, PRIYA, JONAS, AMARA, HELENE, YUSUF, CLAIRE)
