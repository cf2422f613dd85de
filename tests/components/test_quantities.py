"""What `find_quantities` reads; negative cases stand in the same tables."""

from collections import Counter

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from critextract.components.quantities import find_quantities
from critextract.intervals import interval_text
from critextract.lexicons import read_rows


def read(text):
    return [interval_text(q.value) for q in find_quantities(text)]


SIGNS = [
    ("ANC >= 1,500/mm3", ["[1500, inf) /mm3"]),
    ("ANC => 1,500/mm3", ["[1500, inf) /mm3"]),
    ("ANC ≥1500 / mm^3", ["[1500, inf) /mm3"]),
    ("ANC > or = 1500/mm³", ["[1500, inf) /mm3"]),
    ("ANC >/= 1500/μL", ["[1500, inf) /uL"]),
    ("ANC > = 1500 per microliter", ["[1500, inf) /uL"]),
    ("creatinine =< 1.5 mg/dl", ["(-inf, 1.5] mg/dL"]),
    ("creatinine </= 1.5 mg/dL", ["(-inf, 1.5] mg/dL"]),
    ("creatinine < or equal to 1.5 mg/dL", ["(-inf, 1.5] mg/dL"]),
    ("creatinine &lt; 1.5 mg/dL", ["(-inf, 1.5) mg/dL"]),
    ("creatinine <1.5mg/dL", ["(-inf, 1.5) mg/dL"]),
    ("hemoglobin > 9 g/dL", ["(9, inf) g/dL"]),
    ("hemoglobin = 9 g/dL", ["[9, 9] g/dL"]),
    ("hemoglobin ³ 9 g/dL", ["[9, inf) g/dL"]),
    ("bilirubin £ 2 mg/dL", ["(-inf, 2] mg/dL"]),
    ("platelets >_100,000/mm3", ["[100000, inf) /mm3"]),
    ("dose ~ 10 mg", ["[10, 10] mg"]),
    ("a fee of £ 20", []),
    ("HbA1c stable (± 0.5 %)", []),
    ("weight change of +/- 5 kg", []),
    ("greater than or equal to (≥) 18 kg", ["[18, inf) kg"]),
    ("less than (<) 30 kg", ["(-inf, 30) kg"]),
    ("BMI[>40]", ["(40, inf)"]),
]

WORDS = [
    ("at least 12 kg", ["[12, inf) kg"]),
    ("no more than 2 mg", ["(-inf, 2] mg"]),
    ("not more than 2 mg", ["(-inf, 2] mg"]),
    ("no less than 2 mg", ["[2, inf) mg"]),
    ("not less than 50 kg", ["[50, inf) kg"]),
    ("not exceeding 10 mg", ["(-inf, 10] mg"]),
    ("does not exceed 10 mg", ["(-inf, 10] mg"]),
    ("exceeding 200 mg/dL", ["(200, inf) mg/dL"]),
    ("in excess of 200 mg/dL", ["(200, inf) mg/dL"]),
    ("up to 10 mg", ["(-inf, 10] mg"]),
    ("superior to 30 kg/m2", ["(30, inf) kg/m2"]),
    ("inferior or equal to 30 kg/m2", ["(-inf, 30] kg/m2"]),
    ("minimum of 50 kg", ["[50, inf) kg"]),
    ("a maximum of 50 kg", ["(-inf, 50] kg"]),
    ("greater than or equal to 9 g/dL", ["[9, inf) g/dL"]),
    ("equal to or greater than 9 g/dL", ["[9, inf) g/dL"]),
    ("greater or equal to 9 g/dL", ["[9, inf) g/dL"]),
    ("less than or equal to 9 g/dL", ["(-inf, 9] g/dL"]),
    ("lower than 9 g/dL", ["(-inf, 9) g/dL"]),
    ("below 9 g/dL", ["(-inf, 9) g/dL"]),
    ("above 9 g/dL", ["(9, inf) g/dL"]),
    ("over 9 g/dL", ["(9, inf) g/dL"]),
    ("under 9 g/dL", ["(-inf, 9) g/dL"]),
    ("at or above 9 g/dL", ["[9, inf) g/dL"]),
    ("hemoglobin of at least 9 g/dL", ["[9, inf) g/dL"]),
    ("more than approximately 9 g", ["(9, inf) g"]),
    ("minimum tumour diameter of 1.0 cm", ["[1, inf) cm"]),
    ("maximum daily dose of 40 mg", ["(-inf, 40] mg"]),
    ("75 mg or less", ["(-inf, 75] mg"]),
    ("75 mg or more", ["[75, inf) mg"]),
    ("30 kg/m2 and above", ["[30, inf) kg/m2"]),
    ("2 cm or greater", ["[2, inf) cm"]),
    ("2 cm or larger", ["[2, inf) cm"]),
    ("10 or more drinks per day", ["[10, inf) {drinks}/d"]),
    ("two or more prior lines", ["[2, inf)"]),
    ("no more than two prior lines", ["(-inf, 2]"]),
    ("at least one measurable lesion", ["[1, inf)"]),
    ("one of the following", []),
    ("two brothers", []),
    ("an elevated risk", ["elevated"]),
]

RANGES = [
    ("BMI 18-25 kg/m2", ["[18, 25] kg/m2"]),
    ("BMI 18.5 – 24.9 kg/m²", ["[18.5, 24.9] kg/m2"]),
    ("BMI of 18 to 25 kg/m2", ["[18, 25] kg/m2"]),
    ("BMI between 18 and 25 kg/m2", ["[18, 25] kg/m2"]),
    ("BMI between 18 kg/m2 and 25 kg/m2", ["[18, 25] kg/m2"]),
    ("BMI from 18 to 25 kg/m2", ["[18, 25] kg/m2"]),
    ("BMI in the range of 18 to 25 kg/m2", ["[18, 25] kg/m2"]),
    ("BMI 5th-85th percentile", ["[5, 85] {percentile}"]),
    ("BMI between the 5th and the 85th percentile", ["[5, 85] {percentile}"]),
    ("the 2nd to the 4th dose", []),
    ("BMI 18~25", ["[18, 25]"]),
    ("BMI < 18 or > 35 kg/m²", ["(-inf, 18) kg/m2", "(35, inf) kg/m2"]),
    ("BMI ≥ 18 and ≤ 35 kg/m²", ["[18, inf) kg/m2", "(-inf, 35] kg/m2"]),
    ("BMI ≥ 18 kg/m² and ≤ 35", ["[18, inf) kg/m2", "(-inf, 35] kg/m2"]),
    ("BMI greater than 18 and less than 35 kg/m2", ["(18, inf) kg/m2", "(-inf, 35) kg/m2"]),
    ("18.5 ≤ BMI ≤ 25 kg/m2", ["[18.5, inf) kg/m2", "(-inf, 25] kg/m2"]),
    ("7.0% ≤ HbA1c ≤ 10.0%", ["[7, inf) %", "(-inf, 10] %"]),
    ("7 % < HbA1c < 10 %", ["(7, inf) %", "(-inf, 10) %"]),
    ("2 to < 12 kg", ["[2, 12) kg"]),
    ("T-score between -1.0 and -2.5", ["[-2.5, -1]"]),
    ("T-score ≤ -2.5", ["(-inf, -2.5]"]),
    ("sphere of -6.00 to -1.00 D", ["[-6, -1] [diop]"]),
    ("from 50 kg (inclusive) to 90 kg", ["[50, 90] kg"]),
    ("two to three weeks", ["[2, 3] wk"]),
    ("less than 2-3 mg", ["(-inf, 3) mg"]),
    ("no more than 200-250 mg/day", ["(-inf, 250] mg/d"]),
    ("up to 5-10 mg", ["(-inf, 10] mg"]),
    ("at least 4-6 weeks", ["[4, inf) wk"]),
    ("at least 1 to 2 times per week", ["[1, inf) /wk"]),
    ("more than 5-10 % of cells", ["(5, inf) %"]),
    ("AST less than 2-3 times ULN", ["(-inf, 3) x ULN"]),
    ("no more than 5 mg to 2 kg", []),
    ("weight +/- 5-10 kg", []),
    ("FEV1 within 50-90% of predicted", ["[50, 90] % x predicted"]),
    ("BP of 80 ± 20 mmHg", ["[60, 100] mm[Hg]"]),
    ("age 50 +/- 5 years", ["[45, 55] a"]),
    ("weight 70 ± 10 %", []),
    ("day 7 ± 2 days", []),
    ("≥ 18-65 kg", ["[18, 65] kg"]),
    ("cycle length 21-35 days", ["[21, 35] d"]),
    ("L4-L5 fusion", []),
    ("weeks 2-4", []),
]

NUMBERS = [
    ("> 100,000/mm3", ["(100000, inf) /mm3"]),
    ("> 50,000, refractory", ["(50000, inf)"]),
    ("< 50.000/mm3", ["(-inf, 50000) /mm3"]),
    ("> 1.500 /mm3", ["(1500, inf) /mm3"]),
    ("> 100 000/mm3", ["(100000, inf) /mm3"]),
    ("> 1.500 mg/dL", ["(1.5, inf) mg/dL"]),
    ("≥ 18,5 kg/m2", ["[18.5, inf) kg/m2"]),
    ("≤ 2,5 x ULN", ["(-inf, 2.5] x ULN"]),
    ("≤ 0,75 mg", ["(-inf, 0.75] mg"]),
    ("< 1·5 mg/dL", ["(-inf, 1.5) mg/dL"]),
    ("< .5 mg/dL", ["(-inf, 0.5) mg/dL"]),
    ("at least twenty-four hours", ["[24, inf) h"]),
    ("at least six (6) months", ["[6, inf) mo"]),
    ("at least 6 (six) months", ["[6, inf) mo"]),
    ("at least six (8) months", []),
    ("at least one half of the dose", ["[0.5, inf) 1"]),
    ("over one third of the lung", ["(0.333, inf) 1"]),
    ("at least two-thirds of the meals", ["[0.667, inf) 1"]),
    ("more than half the days", ["(0.5, inf) 1"]),
    ("less than half of normal", ["(-inf, 0.5) x ULN"]),
    ("less than 1/2 the ULN", ["(-inf, 0.5) x ULN"]),
    ("at least half an hour", ["[0.5, inf) h"]),
    ("half of the patients", []),
    ("the other half of the trial", []),
    ("more than 1/3 of the breast", ["(0.333, inf) 1"]),
    ("at least 1/4 disc area", ["[0.25, inf) {disc_areas}"]),
    ("1/3 of the liver", ["[0.333, 0.333] 1"]),
    ("genotype other than 2/3", []),
    ("HIV 1/2 antibodies", []),
    ("HLA 5/6 match", ["[5, 5] 1"]),
    ("on 2/3/2004", []),
    ("two third molars", []),
    ("1 1/2 times the ULN", ["[1.5, 1.5] x ULN"]),
    ("> 2½ x ULN", ["(2.5, inf) x ULN"]),
    ("between 22 0/7 and 41 6/7 weeks", ["[22, 41.857] wk"]),
    ("24+0 to 33+6 weeks", ["[24, 33.857] wk"]),
    ("7+3 regimen", []),
    ("titer >= 1:160", ["[160, inf) {titer}"]),
    ("antibody titre of 1:1,280 or more", ["[1280, inf) {titer}"]),
    ("after 1:30 pm", []),
    ("equal to1,500/mm3", ["[1500, 1500] /mm3"]),
    ("goto1500", []),
    ("at least 3,5000/mm3", []),
    ("½ tablet", ["[0.5, 0.5]"]),
    ("> 1,000,000 IU", ["(1000000, inf) [IU]"]),
    ("ratio of 1:1", []),
    ("at 10:30", []),
]

POWERS = [
    ("≥ 1.5 × 10⁹/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 x 10^9/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 x10^9 /L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 x10(9)/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 x 10 9 / L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5x10E9/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 x 10xE^9/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 x 10e9/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 10e9/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 10^9/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 x 10*9/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 x 10**9/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 x 10[9]/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 * 10^9/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 1.5 × 109/L", ["[1.5, inf) 10*9/L"]),
    ("≥ 100 x 109/L", ["[100, inf) 10*9/L"]),
    ("≥ 100 109/L", ["[100, inf) 10*9/L"]),
    ("> 0.1 x 106/kg", ["(0.1, inf) 10*6/kg"]),
    ("≥ 2 x 10^6 CD34+ cells/kg", ["[2, inf) 10*6"]),
    ("≥ 2 x 10^6 cells/kg", ["[2, inf) 10*6/kg"]),
    ("> 10^6 copies/mL", ["(1, inf) 10*6.{copies}/mL"]),
    ("≥ 109 mg/dL", ["[109, inf) mg/dL"]),
    ("≥ 100 x 1000/mm3", ["[100, inf) 10*3/mm3"]),
    ("≥ 100 K/μL", ["[100, inf) 10*3/uL"]),
    ("≥ 100 thousand/μL", ["[100, inf) 10*3/uL"]),
    ("≥ 100k/mm3", ["[100, inf) 10*3/mm3"]),
    ("> 750K", ["(750, inf) 10*3"]),
    ("≥ 2 million/mL", ["[2, inf) 10*6/mL"]),
    ("at least 5 million sperm/mL", ["[5, inf) 10*6/mL"]),
    ("a lesion of 10 x 10 cm", ["[10, 10] cm"]),
]

UNITS = [
    ("< 50 copies/mL", ["(-inf, 50) {copies}/mL"]),
    ("> 200 cells/mm3", ["(200, inf) /mm3"]),
    ("> 200 cells per cubic millimeter", ["(200, inf) /mm3"]),
    ("> 200 cells/μL", ["(200, inf) /uL"]),
    ("≥ 60 mL/min/1.73 m2", ["[60, inf) mL/min/{1.73_m2}"]),
    ("≥ 60 ml/min/1.73m²", ["[60, inf) mL/min/{1.73_m2}"]),
    ("≥ 60 mL/min per 1.73 m^2", ["[60, inf) mL/min/{1.73_m2}"]),
    ("≥ 60 mL/min", ["[60, inf) mL/min"]),
    ("≥ 38.0°C", ["[38, inf) Cel"]),
    ("> 38.5 C", ["(38.5, inf) Cel"]),
    (">= 39.5oC", ["[39.5, inf) Cel"]),
    ("more than 20rpm", ["(20, inf) /min"]),
    ("> 85th %ile", ["(85, inf) {percentile}"]),
    ("visual acuity <= 0.3 logMAR", ["(-inf, 0.3] {logMAR}"]),
    ("18ys", ["[18, 18] a"]),
    ("mitotic count > 10/50 HPF", ["(10, inf) /(50.[HPF])"]),
    ("> 101 F", ["(101, inf) [degF]"]),
    ("> 40 IU/L", ["(40, inf) [IU]/L"]),
    ("> 40 U/L", ["(40, inf) U/L"]),
    ("> 25 mIU/mL", ["(25, inf) m[IU]/mL"]),
    ("< 3.5 mEq/L", ["(-inf, 3.5) meq/L"]),
    ("> 177 μmol/L", ["(177, inf) umol/L"]),
    ("QTc > 450 msec", ["(450, inf) ms"]),
    ("> 100 bpm", ["(100, inf) /min"]),
    ("> 30 h-1", ["(30, inf) /h"]),
    ("> 100 beats per minute", ["(100, inf) /min"]),
    ("> 10 mg/day", ["(10, inf) mg/d"]),
    ("> 10 mg daily", ["(10, inf) mg/d"]),
    ("> 1 g/24 hours", ["(1, inf) g/d"]),
    ("> 0.5 mg/kg/day", ["(0.5, inf) mg/kg/d"]),
    ("> 10 pack-years", ["(10, inf) {pack-years}"]),
    ("> 14 drinks per week", ["(14, inf) {drinks}/wk"]),
    ("≥ 10 points", ["[10, inf) {score}"]),
    ("> 70 percent", ["(70, inf) %"]),
    ("> 50%stenosis", ["(50, inf) %"]),
    ("≥ 90th percentile", ["[90, inf) {percentile}"]),
    ("> 2 SD", ["(2, inf) {SD}"]),
    ("< 5 half-lives", ["(-inf, 5) {half_life}"]),
    ("≥ 3 cm", ["[3, inf) cm"]),
    ("> 35 G/L", ["(35, inf) 10*9/L"]),
    ("> 35 mg/unheard", ["(35, inf)"]),
    ("≥ 130 μmol/L/ ALT", ["[130, inf) umol/L"]),
    ("systolic > 150 mm/Hg", ["(150, inf) mm[Hg]"]),
    ("INR < 1.5", ["(-inf, 1.5)"]),
    ("6-minute walk test", []),
    ("a 4-week washout", []),
    ("at least 12-week history", ["[12, inf) wk"]),
    ("life expectancy of at least 12 weeks", ["[12, inf) wk"]),
]

LIMITS = [
    ("AST <= 2.5 x ULN", ["(-inf, 2.5] x ULN"]),
    ("AST ≤ 3xULN", ["(-inf, 3] x ULN"]),
    ("AST ≤ 2.5 ULN", ["(-inf, 2.5] x ULN"]),
    ("AST ≤ 2.5 × IULN", ["(-inf, 2.5] x ULN"]),
    ("AST > 3 times the upper limit of normal", ["(3, inf) x ULN"]),
    ("AST > three times the upper limit of normal (ULN)", ["(3, inf) x ULN"]),
    ("AST < 1.5 times the institutional upper limit of normal", ["(-inf, 1.5) x ULN"]),
    ("AST < 2.5 x upper limit of the reference range", ["(-inf, 2.5) x ULN"]),
    ("AST < 2.5 X maximum normal value", ["(-inf, 2.5) x ULN"]),
    ("AST five times higher than the upper limit of normal", ["(5, inf) x ULN"]),
    ("AST 3 times above normal", ["(3, inf) x ULN"]),
    ("AST more than 3 times higher than the ULN", ["(3, inf) x ULN"]),
    ("AST raised by a factor of at least 3 above the ULN", ["elevated", "[3, inf) x ULN"]),
    ("AST > 2-fold the upper limit of normal", ["(2, inf) x ULN"]),
    ("AST > 3 x normal", ["(3, inf) x ULN"]),
    ("AST ≥ twice normal", ["[2, inf) x ULN"]),
    ("AST more than twice the ULN", ["(2, inf) x ULN"]),
    ("AST within 3 times ULN", ["(-inf, 3] x ULN"]),
    ("AST ≤ ULN x 2.5", ["(-inf, 2.5] x ULN"]),
    ("AST 2.5 x ULN or less", ["(-inf, 2.5] x ULN"]),
    ("AST ≤ 2.5 × ULN (≤ 5 × ULN if metastatic)", ["(-inf, 2.5] x ULN", "(-inf, 5] x ULN"]),
    ("AST ≥ 1.5 and ≤ 3 x ULN", ["[1.5, inf) x ULN", "(-inf, 3] x ULN"]),
    ("AST < 3 x ULN or < 5x in others", ["(-inf, 3) x ULN", "(-inf, 5) x ULN"]),
    ("lesion < 3 cm or < 5x 5 cm", ["(-inf, 3) cm", "[5, 5] cm"]),
    ("AST 2 to 5 x ULN", ["[2, 5] x ULN"]),
    ("AST < 1.5 upper limit of normality", ["(-inf, 1.5) x ULN"]),
    ("ALT(SGPT) £2 times the ULN", ["(-inf, 2] x ULN"]),
    ("creatinine ≤ ULN", ["(-inf, 1] x ULN"]),
    ("creatinine above the upper limit of normal", ["(1, inf) x ULN"]),
    ("creatinine above normal", ["(1, inf) x ULN"]),
    ("calcium below the LLN", ["(-inf, 1) x LLN"]),
    ("calcium ≥ lower limit of normal", ["[1, inf) x LLN"]),
    ("calcium below normal", ["(-inf, 1) x LLN"]),
    ("bilirubin no greater than normal", ["(-inf, 1] x ULN"]),
    ("immunoglobulin at least normal", ["[1, inf) x LLN"]),
    ("≥ 3 mm above normal", ["[3, inf) mm", "normal"]),
    ("FEV1 ≥ 70% of predicted", ["[70, inf) % x predicted"]),
    ("FEV1 ≥ 70 % predicted", ["[70, inf) % x predicted"]),
    ("FEV1 40 to 80% of the predicted normal value", ["[40, 80] % x predicted"]),
    ("hemoglobin ≥ 80% of the LLN", ["[80, inf) % x LLN"]),
    ("FVC at least 75% of normal", ["[75, inf) % x normal_mean"]),
    ("DLCO < 50% normal", ["(-inf, 50) % x normal_mean"]),
    ("DLCO ≥ 50 % of the normal predicted value", ["[50, inf) % x predicted"]),
    ("electrolytes within 10% of normal", ["(-inf, 10] %", "normal"]),
    ("more than 30% normal neutrophils", ["(30, inf) %", "normal"]),
    ("CK ≤ 2 x the site laboratory upper limit of normal", ["(-inf, 2] x ULN"]),
    ("sodium between 130 mmol/L and 1.1 x ULN", ["[130, inf) mmol/L", "(-inf, 1.1] x ULN"]),
    ("ALT between 1 and 3 x ULN", ["[1, 3] x ULN"]),
    ("stage 0 ~ III", ["[0, 3] {stage}"]),
    ("bilirubin < 150 % of ULN", ["(-inf, 150) % x ULN"]),
    ("creatinine ≤ 1.5 x baseline", ["(-inf, 1.5] x baseline"]),
    ("weight < 90% of baseline", ["(-inf, 90) % x baseline"]),
    ("bilirubin normal", ["normal"]),
    ("PTT within normal limits", ["[1, inf) x LLN 'normal'", "(-inf, 1] x ULN 'normal'"]),
    (
        "in the institutional normal range",
        ["[1, inf) x LLN 'normal'", "(-inf, 1] x ULN 'normal'"],
    ),
    ("TSH outside the normal range", ["abnormal"]),
    ("no upper limit on age", []),
]

AGES = [
    ("Age < 18 years", ["(-inf, 18) a"]),
    ("aged 18-75 years", ["[18, 75] a"]),
    ("Ages 18 - 65", ["[18, 65] a"]),
    ("Age between 18 and 65", ["[18, 65] a"]),
    ("between the ages of 18 and 65", ["[18, 65] a"]),
    ("between 20 years old and 65 years old", ["[20, 65] a"]),
    ("aged between 18- and 65-years", ["[18, 65] a"]),
    ("10- to 13-year-olds", ["[10, 13] a"]),
    ("over the age of 65", ["(65, inf) a"]),
    ("under the age of 18", ["(-inf, 18) a"]),
    ("older than 75 years", ["(75, inf) a"]),
    ("no older than 75", ["(-inf, 75] a"]),
    ("younger than 18", ["(-inf, 18) a"]),
    ("18 years or older", ["[18, inf) a"]),
    ("18 years of age or older", ["[18, inf) a"]),
    ("18 and older", ["[18, inf) a"]),
    ("75 years or younger", ["(-inf, 75] a"]),
    ("≥ 18 years", ["[18, inf) a"]),
    ("18-year-old women", ["[18, 18] a"]),
    ("Male or female, at least 18 years old", ["[18, inf) a"]),
    ("Adults (≥ 18 years)", ["[18, inf) a"]),
    ("age 18+", ["[18, inf) a"]),
    ("Minimum age: 18 years", ["[18, inf) a"]),
    ("Age (years): 18 to 65", ["[18, 65] a"]),
    ("≥ 18 and ≤ 65 years of age", ["[18, inf) a", "(-inf, 65] a"]),
    ("Age 18 Years to 75 Years", ["[18, 75] a"]),
    ("6 months to 17 years of age", ["[6, inf) mo", "(-inf, 17] a"]),
    ("Age: Over 16 to 65", ["(16, 65] a"]),
    ("18 < age < 75 years", ["(18, inf) a", "(-inf, 75) a"]),
    ("infants aged 2 to 6 months", ["[2, 6] mo"]),
]

SCALES = [
    ("ECOG 0-1", ["[0, 1]"]),
    ("ECOG performance status of 0, 1 or 2", ["[0, 2]"]),
    ("ECOG 0,1 or 2", ["[0, 2]"]),
    ("ECOG 0 or 1", ["[0, 1]"]),
    ("score of 1 or 3", ["{1, 3}"]),
    ("ECOG PS 2", ["[2, 2]"]),
    ("ECOG PS 0/1", ["[0, 1]"]),
    ("WHO performance status 1/2", ["[1, 2]"]),
    ("CDK 1/2 inhibitor", []),
    ("muscle strength of at least 3/5", ["[3, inf) {score}"]),
    ("GCS < 8/15", ["(-inf, 8) {score}"]),
    ("score of at least 12/40", ["[12, inf) {score}"]),
    ("at least 5/68 tender joints", []),
    ("HER2 (3+)", ["[3, 3]"]),
    ("proteinuria ≥ 2+", ["[2, inf)"]),
    ("Karnofsky ≥ 70", ["[70, inf)"]),
    ("stage IIIB", ["[3, 3] {stage} '3B'"]),
    ("stage III or IV disease", ["[3, 4] {stage}"]),
    ("stage II/III", ["[2, 3] {stage}"]),
    ("Stage IIIB-IV", ["[3, 4] {stage} '3B-4'"]),
    ("stage 3b kidney disease", ["[3, 3] {stage} '3B'"]),
    ("stage 1, 2 and 3A", ["[1, 1] {stage}", "[2, 2] {stage}", "[3, 3] {stage} '3A'"]),
    ("stage IIB or stage IIIA", ["[2, 2] {stage} '2B'", "[3, 3] {stage} '3A'"]),
    ("stage IIIB/IV", ["[3, 3] {stage} '3B'", "[4, 4] {stage}"]),
    ("stage II or III", ["[2, 3] {stage}"]),
    ("MHC class II deficiency", []),
    ("HLA class I antigens", []),
    ("a score between 6 and 24 / 30", ["[6, 24]"]),
    ("pain of 4 to 10 out of 10", ["[4, 10]"]),
    ("a score of at least two (2 = mild)", ["[2, inf)"]),
    ("stages I, II and IV", ["{1, 2, 4} {stage}"]),
    ("NYHA class II-IV", ["[2, 4] {class}"]),
    ("NYHA II-IV", ["[2, 4]"]),
    ("New York Heart Association class ≥ III", ["[3, inf) {class}"]),
    ("grade ≥ 2 neuropathy", ["[2, inf) {grade}"]),
    ("≥ grade 2 neuropathy", ["[2, inf) {grade}"]),
    ("grade 2 or higher", ["[2, inf) {grade}"]),
    ("≤ CTCAE v3.0 grade 1", ["(-inf, 1] {grade}"]),
    ("greater than or equal to NCI CTCAE version 4.0 grade 2", ["[2, inf) {grade}"]),
    ("worse than CTCAE (v5.0) grade 1", ["(1, inf) {grade}"]),
    ("CTCAE version 4.0 grade 3 or 4", ["[3, 4] {grade}"]),
    ("greater than grade I", ["(1, inf) {grade}"]),
    ("Grade 3/4 toxicity", ["[3, 4] {grade}"]),
    ("IIIB lung cancer", ["[3, 3] '3B'"]),
    ("end-stage renal disease", []),
    ("pain > 4/10", ["(4, inf)"]),
    ("pain of 6/10 or higher", ["[6, inf)"]),
    ("Child-Pugh class A or B", ["A", "B"]),
    ("Child-Pugh B7", ["[7, 7] {score}"]),
    ("vitamin A or B", []),
    ("pain > 5 (0-10 scale)", ["(5, inf)"]),
    ("Gleason score = 7 (3+4)", ["[7, 7]"]),
    ("translocation t(9;22)", []),
]

PRESSURE = [
    ("BP between 90/60 and 140/90 mmHg", ["[90, 140] mm[Hg]", "[60, 90] mm[Hg]"]),
    (
        "potassium outside the range of 3.5 to 5.5 mmol/L",
        ["(-inf, 3.5) mmol/L", "(5.5, inf) mmol/L"],
    ),
    ("BP > 160/100 mmHg", ["(160, inf) mm[Hg]", "(100, inf) mm[Hg]"]),
    ("blood pressure ≥ 140/90", ["[140, inf)", "[90, inf)"]),
    ("blood pressure of 140/90 mmHg or higher", ["[140, inf) mm[Hg]", "[90, inf) mm[Hg]"]),
    ("systolic blood pressure > 160 mm Hg", ["(160, inf) mm[Hg]"]),
    ("BP > 160/100 m HG", ["(160, inf) mm[Hg]", "(100, inf) mm[Hg]"]),
    ("BP < 90/60", ["(-inf, 90)", "(-inf, 60)"]),
    ("titre of 160/100", []),
    (
        "BP <140/90 or >90/60 mmHg",
        ["(-inf, 140) mm[Hg]", "(-inf, 90) mm[Hg]", "(90, inf) mm[Hg]", "(60, inf) mm[Hg]"],
    ),
    ("BP 140-159/90-99 mmHg", ["[140, 159] mm[Hg]", "[90, 99] mm[Hg]"]),
]

TWICE = [
    ("glucose ≥ 126 mg/dL (7.0 mmol/L)", ["[126, inf) mg/dL = [7, inf) mmol/L"]),
    ("glucose ≥126 mg/dL (≥7.0 mmol/L)", ["[126, inf) mg/dL = [7, inf) mmol/L"]),
    ("glucose ≥ 126 mg/dL [7.0 mmol/L]", ["[126, inf) mg/dL = [7, inf) mmol/L"]),
    ("> 100 x 10^9/L (100,000/mm3)", ["(100, inf) 10*9/L = (100000, inf) /mm3"]),
    ("weight > 50 kg (110 lb)", ["(50, inf) kg = (110, inf) [lb_av]"]),
    ("glucose 70-126 mg/dL (3.9-7.0 mmol/L)", ["[70, 126] mg/dL = [3.9, 7] mmol/L"]),
    ("30 days or 5 half-lives", ["[30, 30] d", "[5, 5] {half_life}"]),
    ("> 50 kg (5 mg)", ["(50, inf) kg", "[5, 5] mg"]),
    ("6 months or 1 year", ["[6, 6] mo", "[1, 1] a"]),
]

WORD_VALUES = [
    ("positive pregnancy test", ["positive"]),
    ("HIV seropositive", ["positive"]),
    ("HER2-negative breast cancer", ["negative"]),
    ("elevated liver enzymes", ["elevated"]),
    ("abnormal ECG", ["abnormal"]),
    ("normal sinus rhythm", ["normal"]),
    ("abnormally thick", ["abnormal"]),
    ("paranormal events", []),
    ("C-reactive protein", []),
    ("reactive serology", ["positive"]),
    ("smoking at present", []),
    ("oedema is present", ["present"]),
    ("Positive and Negative Syndrome Scale", []),
    ("positive and negative controls", ["positive", "negative"]),
    ("normal volunteers", []),
    ("reactive airways disease", []),
    ("reactive RPR", ["positive"]),
]

NAMES = [
    ("visit at week 12", []),
    ("type 2 diabetes", []),
    ("type 1 or 2 diabetes", []),
    ("COVID-19 pneumonia", []),
    ("CD4 and CD8 counts", []),
    ("HbA1c, B12 and FEV1", []),
    ("anti-PD-1 or IL-6 antibodies", []),
    ("CYP3A4 inhibitors", []),
    ("day 1 of cycle 1", []),
    ("Cycle 1 Day 1", []),
    ("until December 17, 2004", []),
    ("from Day -28 to Day -1", []),
    ("25(OH)D deficiency", []),
    ("phase 2 trial of 2015", []),
    ("12-lead ECG", []),
    ("5-fluorouracil", []),
    ("the 2nd dose", []),
    ("CTCAE v4.03", []),
    ("RECIST version 1.1", []),
    ("1) histology", []),
    ("(2) histology", []),
    ("HIV-1 infection", []),
    ("omega-3 acids", []),
    ("Bipolar I disorder", []),
    ("slow VC", []),
    ("Manual of Mental Disorders - IV", []),
    ("T3 N1 M0", []),
]

TOGETHER = [
    (
        "AST <3x, ALT <4x, creatinine <2x ULN",
        ["(-inf, 3) x ULN", "(-inf, 4) x ULN", "(-inf, 2) x ULN"],
    ),
    ("AST < 2.5 x, creatinine < 2 mg/dL", ["(-inf, 2) mg/dL"]),
    ("AST < 3 x. Bilirubin < 2 x ULN", ["(-inf, 2) x ULN"]),
    ("a nodule of at least 2 cm X 2 cm", ["[2, inf) cm"]),
    ("a plate of 3 x 3 x 3 mm", ["[3, 3] mm"]),
    ("a nodule of at least 2 x 3 cm", []),
    ("aged 6 to 11 years 9 months", ["[6, inf) a", "(-inf, 141] mo"]),
    ("below 2 years and 6 months of age", ["(-inf, 30) mo"]),
    ("above 2 years and 60 months of age", ["(2, inf) a", "[60, 60] mo"]),
    ("a level greater than equal to 140 mg/dL", ["[140, inf) mg/dL"]),
    ("less than equal to 7 %", ["(-inf, 7] %"]),
    ("greater than or 18 years of age", ["[18, inf) a"]),
    ("equal to 140 mg/dL", ["[140, 140] mg/dL"]),
    ("between 6 and 17 years 11 months of age", ["[6, inf) a", "(-inf, 215] mo"]),
    ("over 45 years and 6 months of amenorrhea", ["(45, inf) a", "[6, 6] mo"]),
    ("AST < 2.5 x (ULN)", ["(-inf, 2.5) x ULN"]),
    ("more than 2x's the ULN", ["(2, inf) x ULN"]),
    ("AST > 5 x ULRR", ["(5, inf) x ULN"]),
    ("up to six patients", ["(-inf, 6]"]),
    ("CA-125 ≥ 2 x nadir", []),
    ("> 14 drinks a week (1 drink = 12 oz of beer)", ["(14, inf) {drinks}/wk"]),
    ("≥ 10 pack-years (1 pack-year is 20 cigarettes a day for 1 year)", ["[10, inf) {pack-years}"]),
    (
        "> 14 units a week. One unit is 8 g of alcohol. BMI > 30 kg/m2",
        ["(14, inf) U/wk", "(30, inf) kg/m2"],
    ),
]

TABLES = {
    "signs": SIGNS, "words": WORDS, "ranges": RANGES, "numbers": NUMBERS, "powers": POWERS,
    "units": UNITS, "limits": LIMITS, "ages": AGES, "scales": SCALES, "pressure": PRESSURE,
    "twice": TWICE, "together": TOGETHER, "word-values": WORD_VALUES, "names": NAMES,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [pytest.param(*row, id=f"{name}: {row[0]}") for name, rows in TABLES.items() for row in rows],
)
def test_find_quantities(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("AST of ≥ 2.5 × ULN.", ["≥ 2.5 × ULN"]),
        ("those 18 years or older who", ["18 years or older"]),
        ("(BMI < 18 or > 35 kg/m²)", ["< 18", "> 35 kg/m²"]),
        ("hemoglobin of between 9 and 12 g/dL, or", ["between 9 and 12 g/dL"]),
        ("7.0% ≤ HbA1c ≤ 10.0%", ["7.0% ≤", "≤ 10.0%"]),
        ("grade ≥ 2 events", ["≥ 2"]),
        ("NYHA class III-IV heart failure", ["III-IV"]),
        ("greater than or equal to (≥) 18 kg.", ["greater than or equal to (≥) 18 kg"]),
        ("weight loss of > 10% of body weight at birth", ["> 10% of body weight"]),
        ("weight change ≥ 5 % body weight", ["≥ 5 % body weight"]),
        ("loss of > 10% of body weight", ["> 10%"]),
        ("body weight > 120% of ideal body weight", ["> 120%"]),
        ("bilirubin within normal limits;", ["within normal limits", "within normal limits"]),
    ],
)
def test_characters_run_from_comparator_to_unit(text, covered):
    assert [text[q.value.start : q.value.end] for q in find_quantities(text)] == covered


@pytest.mark.parametrize(
    ("text", "kind", "subject"),
    [
        ("Age < 18 years", "age", "Age"),
        ("women aged 18-75 years", "age", "aged"),
        ("at least 18 years of age", "age", "age"),
        ("over the age of 65", "age", "age"),
        ("at least 18 years old", "age", "years old"),
        ("an 18-year-old woman", "age", "year-old"),
        ("18 years or older", "age", None),
        ("men 18-65", "age", None),
        ("consent of a parent if under 18", "age", None),
        ("18-65 with asthma", "age", None),
        ("children over 12 years will be seen", "age", None),
        ("20-30 lesions", "bare", None),
        ("5-10 with asthma", "bare", None),
        ("≥ 18 years", "age", None),
        ("gestational age ≥ 37 weeks", "comparison", None),
        ("disease duration ≥ 2 years", "comparison", None),
        ("abstinent for 20 years or more", "comparison", None),
        ("ECOG 0-1", "bare", None),
        ("stage II", "comparison", None),
        ("negative test", "word", None),
        ("ANC ≥ 1500/mm3", "comparison", None),
    ],
)
def test_kind_and_subject(text, kind, subject):
    (found,) = find_quantities(text)
    assert found.kind == kind
    assert (text[slice(*found.subject)] if found.subject else None) == subject


def test_blood_pressure_is_a_pair_on_the_same_characters():
    upper, lower = find_quantities("BP > 160/100 mmHg")
    assert (upper.component, lower.component) == ("systolic", "diastolic")
    assert (upper.value.start, upper.value.end) == (lower.value.start, lower.value.end)


def test_unit_text_is_what_is_printed():
    (found,) = find_quantities("platelets ≥ 100 x 10^9/L")
    assert found.value.unit_text == "x 10^9/L"


SIGN_FORMS = {
    "<": ["<", "less than", "below", "under", "lower than", "fewer than"],
    "<=": ["≤", "<=", "=<", "</=", "at most", "no more than", "less than or equal to", "up to"],
    ">": [">", "greater than", "more than", "above", "over", "exceeding", "in excess of"],
    ">=": ["≥", ">=", "=>", ">/=", "at least", "no less than", "greater than or equal to"],
}
UNIT_FORMS = {
    "mg/dL": ["mg/dL", "mg/dl", "mg / dL", "milligrams per deciliter", "mg/100 mL"],
    "/mm3": ["/mm3", "/mm^3", "/mm³", "per cubic millimeter", "cells/mm3"],
    "10*9/L": ["x 10^9/L", "× 10⁹/L", "x10(9)/L", "x 109/L", "x 10 9 / L", "x 10E9/L"],
    "10*3/uL": ["K/μL", "thousand/uL", "x 10^3/μL"],
    "%": ["%", "percent"],
    "kg/m2": ["kg/m2", "kg/m²", "kg/m^2"],
    "mm[Hg]": ["mmHg", "mm Hg"],
    "wk": ["weeks", "wks"],
}


@st.composite
def printed_bounds(draw):
    """A comparator, number and unit in some spelling, and the interval they say."""
    op = draw(st.sampled_from(sorted(SIGN_FORMS)))
    unit = draw(st.sampled_from(sorted(UNIT_FORMS)))
    number = draw(st.integers(1, 999_999) | st.decimals("0.1", "99", places=1))
    plain = format(number, "f") if not isinstance(number, int) else str(number)
    shown = format(number, ",") if isinstance(number, int) and draw(st.booleans()) else plain
    sign, form = draw(st.sampled_from(SIGN_FORMS[op])), draw(st.sampled_from(UNIT_FORMS[unit]))
    bound = plain.rstrip("0").rstrip(".") if "." in plain else plain
    low = f"{'[' if op == '>=' else '('}{bound}" if ">" in op else "(-inf"
    high = f"{bound}{']' if op == '<=' else ')'}" if "<" in op else "inf)"
    return f"value {sign} {shown} {form}", f"{low}, {high} {unit}"


@settings(max_examples=400, deadline=None)
@given(printed_bounds())
def test_what_can_be_printed_is_read_back(case):
    text, expected = case
    assert read(text) == [expected]


HOSTILE = st.text(
    alphabet=st.sampled_from(list("0123456789.,-–~/ ()[]<>≤≥=x×%^*+IVXabnormalULNgetoyrs²³⁹μİ")),
    max_size=60,
)


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
def test_spans_lie_inside_the_text(text):
    for quantity in find_quantities(text):
        value = quantity.value
        assert 0 <= value.start < value.end <= len(text)
        assert value.low is None or value.high is None or value.low <= value.high
        assert (value.low is None) == (value.low_closed is None)
        assert (value.high is None) == (value.high_closed is None)


@pytest.mark.parametrize(
    "piece",
    ["a", "the ", "upper limit of ", "of the normal ", "greater than ", "within the ", "(", "> or ",
     "age of ", "and ", "<", "patients with a history of disease ", "x ", "I am ", "≥ "],
)  # fmt: skip
def test_a_long_line_of_words_holds_no_number(piece):
    text = (piece * 20_000)[:20_000]
    assert [q for q in find_quantities(text) if q.kind == "comparison"] == []


@pytest.mark.parametrize(
    "piece", ["ANC ≥ 1,500/mm3; ", "BP > 160/100 mmHg; ", "stage IIIB; ", "more than 1/3 of it; "]
)
def test_a_long_line_is_read_like_its_parts(piece):
    assert read(piece * 1_000) == read(piece) * 1_000


def test_component_stores_what_the_function_finds():
    nlp = spacy.blank("en")
    nlp.add_pipe("critextract_quantities")
    doc = nlp("BP > 160/100 mmHg, HbA1c 7.0-10.0 %, age ≥ 18 years, ALT ≤ 2.5 x ULN, HIV negative")
    assert list(doc._.critextract_quantities) == find_quantities(doc.text)
    assert len(doc._.critextract_quantities) == 6


@pytest.mark.parametrize(
    ("name", "key"),
    [("comparators.tsv", 2), ("word_values.tsv", 1), ("number_names.tsv", 1), ("units.tsv", 1)],
)
def test_lexicons_have_no_row_twice(name, key):
    rows = read_rows(name)
    assert [row for row, n in Counter(row[:key] for row in rows).items() if n > 1] == []
    assert len({len(row) for row in rows}) == 1


def test_comparators_are_known():
    assert {op for _, _, op in read_rows("comparators.tsv")} == {
        "<", "<=", "=", ">=", ">", "between", "from", "+-",
    }  # fmt: skip


def test_no_written_unit_has_two_codes():
    forms = Counter(form for row in read_rows("units.tsv") for form in row[3].split("|"))
    assert [form for form, n in forms.items() if n > 1] == []
