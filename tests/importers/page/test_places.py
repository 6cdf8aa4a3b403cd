import pytest

from server.importers.page.places import places_in

CITED = [
    ("According to NCCN Guidelines for Patients, systemic therapies work.", ["NCCN Guidelines for Patients"]),
    (
        "According to the NCCN Guidelines for Patients: Acute Myeloid Leukemia, treatment decisions are based on:",
        ["NCCN Guidelines for Patients: Acute Myeloid Leukemia"],
    ),
    ("According to NCCN Guidelines for Patients: Treatment depends on age.", ["NCCN Guidelines for Patients"]),
    ("according to the CDC: Wash your hands often.", ["CDC"]),
    ("The American Cancer Society recommends yearly screening.", ["American Cancer Society"]),
    ("The American Heart Association (AHA) also recommends walking.", ["American Heart Association"]),
    ("As the Mayo Clinic explains, most people recover.", ["Mayo Clinic"]),
    ("“Move,” says the Arthritis Foundation.", ["Arthritis Foundation"]),
    ("Most people recover, Cleveland Clinic says.", ["Cleveland Clinic"]),
    ("Exercise helps, as recommended by the World Health Organization.", ["World Health Organization"]),
    ("The CDC and the WHO recommend a booster.", ["CDC", "WHO"]),
    ("The AAP, the CDC, and the NHS recommend a booster.", ["AAP", "CDC", "NHS"]),
    (
        "According to the CDC and the National Institutes of Health, it is rare.",
        ["CDC", "National Institutes of Health"],
    ),
    ("According to the CDC, the Department opened an office.", ["CDC"]),
    ("Guidelines from the American Academy of Pediatrics support it.", ["American Academy of Pediatrics"]),
    ("Current NCCN guidelines recommend a biopsy.", ["NCCN guidelines"]),
    ("The 2024 GOLD Report advises two inhalers.", ["2024 GOLD Report"]),
    ("The ADA Standards of Care in Diabetes 2025 state a goal of 7%.", ["ADA Standards of Care in Diabetes 2025"]),
    ("The American Heart Association's guidelines recommend less salt.", ["American Heart Association"]),
    ("The Alzheimer's Association estimates that 7 million live with it.", ["Alzheimer's Association"]),
    ("The U.S. Preventive Services Task Force recommends it.", ["U.S. Preventive Services Task Force"]),
    ("Data from the National Cancer Institute show a decline.", ["National Cancer Institute"]),
    ("A trial published in The New England Journal of Medicine found a benefit.", ["New England Journal of Medicine"]),
    ("A 2018 study in the Lancet found no benefit.", ["Lancet"]),
    ("It was reported in Blood.", ["Blood"]),
    (
        "Remission is common (Maude et al., New England Journal of Medicine, 2018).",
        ["Maude et al., New England Journal of Medicine, 2018"],
    ),
    (
        "Remission is common (Maude et al., 2018; Smith and Jones, 2019).",
        ["Maude et al., 2018", "Smith and Jones, 2019"],
    ),
    ("It works (see Neelapu et al., N Engl J Med 2017).", ["Neelapu et al., N Engl J Med 2017"]),
    ("It works (Smith, 2019).", ["Smith, 2019"]),
    ("It works [Smith et al. 2019].", ["Smith et al. 2019"]),
    ("It is common (American Cancer Society, 2023).", ["American Cancer Society, 2023"]),
    ("It is common (Source: National Kidney Foundation).", ["National Kidney Foundation"]),
    ("Smith et al. (2018) found a benefit.", ["Smith et al. (2018)"]),
    ("Smith and colleagues reported a benefit.", ["Smith and colleagues"]),
    ("Read https://www.cancer.org/a_(b).html.", ["https://www.cancer.org/a_(b).html"]),
    ("Read (https://www.cancer.org/a).", ["https://www.cancer.org/a"]),
    ("See doi:10.1056/NEJMoa1709866.", ["doi:10.1056/NEJMoa1709866"]),
    ("Source: American Lung Association", ["American Lung Association"]),
    ("Sources: CDC; National Institute on Aging", ["CDC", "National Institute on Aging"]),
    ("MedlinePlus notes that it is rare.", ["MedlinePlus"]),
    ("According to MedlinePlus, it is rare.", ["MedlinePlus"]),
    ("NICE guidance recommends a blood test.", ["NICE guidance"]),
    ("The National Comprehensive Cancer Network (NCCN) states so.", ["National Comprehensive Cancer Network"]),
    ("The National Institutes of Health (NIH) reports that 600 IU is enough.", ["National Institutes of Health"]),
    ("The American Public Health Association advises rest.", ["American Public Health Association"]),
    ("The CDC reports that cases rose. A CDC report says why.", ["CDC", "CDC"]),
    ("According to data from Kaiser Permanente, it works.", ["Kaiser Permanente"]),
    ("Mayo Clinic's website says so. Mayo Clinic experts recommend rest.", ["Mayo Clinic", "Mayo Clinic"]),
    (
        "The European Society of Cardiology and the European Society of Hypertension recommend it.",
        ["European Society of Cardiology", "European Society of Hypertension"],
    ),
    (
        "The American College of Cardiology and American Heart Association recommend it.",
        ["American College of Cardiology", "American Heart Association"],
    ),
    ("The CDC's Advisory Committee reports that it lasts.", ["CDC's Advisory Committee"]),
    ("Testing is not needed (Holick, 2007).", ["Holick, 2007"]),
    ("Research from Johns Hopkins Medicine suggests so.", ["Johns Hopkins Medicine"]),
    ("Según la Sociedad Española de Cardiología, es frecuente.", ["Sociedad Española de Cardiología"]),
    (
        "The European Society for Medical Oncology (ESMO) guidelines recommend it.",
        ["European Society for Medical Oncology"],
    ),
    (
        "Per the American College of Rheumatology guideline, start early.",
        ["American College of Rheumatology guideline"],
    ),
    ("The Dietary Guidelines for Americans recommend less sugar.", ["Dietary Guidelines for Americans"]),
    ("The Leukemia & Lymphoma Society explains the steps.", ["Leukemia & Lymphoma Society"]),
    (
        "The National Institute for Health and Care Excellence (NICE) does not recommend it.",
        ["National Institute for Health and Care Excellence"],
    ),
    (
        "It works (Jefferson T. et al., Cochrane Reviews, 2014; Smith J, Doe A, et al., Lancet, 2015).",
        ["Jefferson T. et al., Cochrane Reviews, 2014", "Smith J, Doe A, et al., Lancet, 2015"],
    ),
    ("It works (T. Roth et al., 2019).", ["T. Roth et al., 2019"]),
    ("Savino et al. (Pediatrics, 2010) tested it.", ["Savino et al. (Pediatrics, 2010)"]),
    ("Savino and Roth in Pediatrics (2010) tested it.", ["Savino and Roth in Pediatrics (2010)"]),
    ("It is first choice [AASM 2025].", ["AASM 2025"]),
    ("It works (Webb, Kline & Holick, 1988).", ["Webb, Kline & Holick, 1988"]),
    ("Vitamin B6 comes first (ACOG Practice Bulletin No. 189, 2018).", ["ACOG Practice Bulletin No. 189, 2018"]),
    (
        "The American Gastroenterological Association (AGA, 2024) suggests it.",
        ["American Gastroenterological Association"],
    ),
    ("The Crohn’s & Colitis Foundation explains it.", ["Crohn’s & Colitis Foundation"]),
    ("The Concussion in Sport Group advises rest.", ["Concussion in Sport Group"]),
    ("De acuerdo con la Organización Mundial de la Salud, es raro.", ["Organización Mundial de la Salud"]),
    ("It is rare, as the ADA puts it.", ["ADA"]),
    ("It was published in the journal Nature Medicine in 2020.", ["Nature Medicine"]),
    ("Most live on, per the National Cancer Institute's SEER database.", ["National Cancer Institute's SEER"]),
    (
        "as described in the NCCN Guidelines for Multiple Myeloma (Version 2.2024), doses vary.",
        ["NCCN Guidelines for Multiple Myeloma"],
    ),
]

UNCITED = [
    "Doctors recommend the American Heart Association diet.",
    "Your doctor recommends what fits you.",
    "Doctors recommend rest.",
    "Research shows that it helps, and studies suggest more.",
    "The FDA has approved six products.",
    "In 2017 the FDA approved Kymriah (tisagenlecleucel).",
    "CAR-T therapy was approved (May 2017).",
    "Kymriah was first (August 30, 2017).",
    "According to your doctor, it is fine.",
    "According to Dr. Jane Smith, it is fine.",
    "According to Jane Smith, MD, it is fine.",
    "An MRI shows the joint. The MRI found a tear.",
    "Clinical guidelines recommend a test.",
    "National guidelines recommend a test.",
    "Many experts say so. Most guidelines agree.",
    "AML is a cancer of the blood (AML).",
    "Chimeric Antigen Receptor (CAR) cells are described in Chapter 3.",
    "See a doctor. Talk to the American who lives next door.",
    "It spread (Chicago) in winter (since 2019).",
    "Patients treated at the Mayo Clinic did well.",
    "The drug was found in Africa by Europeans.",
    "Take 10.5 mg (2 tablets) at 10:30.",
    "Side effects were reported in Europe.",
    "The Epstein-Barr Virus causes it.",
    "Smith and Jones live here.",
    "In 2020 the FDA put a warning on the box.",
    "Roth and Smith (Chicago, since 2010) live here.",
    "The cohort was small (Study B, 2019).",
    "ftp://example.org and http://user:secret@example.org are no sources.",
]


@pytest.mark.parametrize(("text", "cited"), CITED)
def test_a_place_that_leans_on_a_source_is_found(text, cited):
    assert [text[place.start : place.end] for place in places_in(text, ())] == cited


@pytest.mark.parametrize("text", UNCITED)
def test_what_names_no_source_is_not_cited(text):
    assert places_in(text, ()) == []


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("It helps.¹ It lasts²,³ and more⁴.", ["¹", "²", "³"]),
        ("It works [1, 3].", ["1", "3"]),
        ("A lawn of 9 m² has 10³ blades, each cm² counts.", []),
    ],
)
def test_a_number_of_a_reference_is_a_place(text, cited):
    assert [text[place.start : place.end] for place in places_in(text, (1, 2, 3))] == cited
