"""Two partners who share everything that can be shared: schools that moved, a split, a merger.

What belongs to the second bears its name in every code, so that it can be searched for.
"""

from __future__ import annotations

from pathlib import Path

PERSON_DAY = "2022-01-15"
TABLES = {
    "partners": """partner,name,kind,registration_number,valid_from,valid_to
ALFA,Alfas novads,municipality,,2009-07-01,
BETA,BETA novads,municipality,,2009-07-01,
OLD,Vecais novads,municipality,,2009-07-01,2021-06-30
SPL,Dalītais novads,municipality,,2009-07-01,2021-06-30
""",
    "institutions": """institution,name,kind,valid_from,valid_to
A1,Alfas skola,general,2009-07-01,
O1,Vecā skola,general,2009-07-01,
S1,Dalītā skola,general,2009-07-01,
M1,Skola kas gāja no otra,general,2009-07-01,
BETA1,BETA skola,general,2009-07-01,
SBETA,BETA otrā skola,general,2009-07-01,
""",
    "memberships": """institution,partner,valid_from,valid_to
A1,ALFA,2009-07-01,
O1,OLD,2009-07-01,2021-06-30
O1,ALFA,2021-07-01,
S1,SPL,2009-07-01,2021-06-30
S1,ALFA,2021-07-01,
M1,BETA,2009-07-01,2021-06-30
M1,ALFA,2021-07-01,
BETA1,BETA,2009-07-01,
SBETA,SPL,2009-07-01,2021-06-30
SBETA,BETA,2021-07-01,
""",
    "successions": """kind,predecessor,successor,effective_on,document
merge,OLD,ALFA,2021-07-01,likums
split,SPL,ALFA,2021-07-01,likums
split,SPL,BETA,2021-07-01,likums
""",
    "agreements": """agreement,partner,signed_on,valid_from,valid_to
L-A,ALFA,2018-12-20,2019-01-07,2023-12-31
L-O,OLD,2018-12-20,2019-01-07,2023-12-31
L-S,SPL,2018-12-20,2019-01-07,2022-12-31
L-BETA,BETA,2018-12-20,2019-01-07,2023-12-31
""",
    "amendments": """agreement,amendment,signed_on,effective_on,kind,value,note
L-A,1,2021-08-16,2021-09-01,term,2023-06-30,
L-S,1,2021-08-16,2021-09-01,term,2023-12-31,
L-BETA,1,2021-08-16,2021-09-01,term,2023-06-30,BETA
""",
    "strategic_partners": """agreement,name,kind,valid_from,valid_to
L-A,Alfas bāriņtiesa,orphans_court,2019-01-07,
L-BETA,BETA bāriņtiesa,orphans_court,2019-01-07,
""",
    "coverage": """agreement,institution,from_semester,to_semester,grades,starts_on
L-A,A1,2018/2019-2,,,
L-A,M1,2021/2022-1,,,
L-O,O1,2018/2019-2,,,
L-S,S1,2018/2019-2,,,
L-S,SBETA,2018/2019-2,,,
L-BETA,M1,2018/2019-2,2020/2021-2,,
L-BETA,BETA1,2018/2019-2,,,
""",
    "counts": """semester,institution,programme,grade,plan_kind,plans
2020/2021-2,A1,general,7,consultative,10
2020/2021-2,O1,general,7,consultative,11
2020/2021-2,S1,general,7,consultative,12
2020/2021-2,M1,general,7,consultative,1300
2020/2021-2,BETA1,general,7,consultative,1400
2020/2021-2,SBETA,general,7,consultative,1500
2021/2022-1,A1,general,7,consultative,20
2021/2022-1,O1,general,7,consultative,21
2021/2022-1,S1,general,7,consultative,22
2021/2022-1,M1,general,7,consultative,23
2021/2022-1,BETA1,general,7,consultative,2400
2021/2022-1,SBETA,general,7,consultative,2500
2021/2022-1,A1,general,8,consultative,daudz
2021/2022-1,BETA1,general,8,consultative,daudz
""",
    "plans": """plan,semester,institution,programme,grade,plan_kind,learner,risks,starts_on,ends_on
P1,2021/2022-2,A1,general,7,consultative,00000000000000000000000000000001,,2022-01-10,2022-05-31
P2,2021/2022-2,S1,general,7,consultative,00000000000000000000000000000002,,2022-01-10,2022-05-31
P-BETA,2021/2022-2,SBETA,general,7,economic,00000000000000000000000000000003,,2022-01-10,2022-05-31
""",
    "measures": """plan,measure,quantity,price
P1,consultation,10,5.00
P-BETA,consultation,10,5.00
""",
    "unspent": """partner,semester,unspent
ALFA,2020/2021-1,1.00
OLD,2020/2021-1,2.00
SPL,2020/2021-1,3.00
BETA,2020/2021-1,4.00
""",
    "quotas": """partner,call,projects
ALFA,2022,1
BETA,2022,2
""",
}


def written(folder: Path, **tables: str) -> Path:
    """The tables in a folder, some of them other than above."""
    folder.mkdir()
    for name, content in {**TABLES, **tables}.items():
        (folder / f"{name}.csv").write_text(content, "utf-8")
    return folder
