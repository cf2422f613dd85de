"""Rules and coverage from sentences whose mentions are marked."""

import pytest

from critextract.cases import case_of_items
from critextract.compiler import compile_record
from critextract.rules import rule_to_dict
from critextract.schema import Criterion, Record
from marked import MarkedReader, MarkupError, parse_marked


@pytest.fixture(scope="module")
def read():
    return MarkedReader()


def outline(record):
    """Return the first criterion's rule as text over the mentions' characters."""
    names = {m.id: m.text for m in record.mentions}

    def line(node):
        match node:
            case {"op": "is", "mention": id_}:
                return names[id_]
            case {"op": "unparsed", "reason": reason}:
                return f"?{reason}"
            case {"op": "at_least", "n": n, "args": args}:
                return f"at_least {n}({', '.join(map(line, args))})"
        return f"{node['op']}({', '.join(map(line, node['args']))})"

    rule = record.criteria[0].rule
    return None if rule is None else line(rule_to_dict(rule))


STRUCTURE = [
    ("Patients without [diabetes](CONDITION) must have [glucose](MEASUREMENT) < 126 mg/dL",
     "inclusion", "if(not(diabetes), glucose)"),
    ("[Alcohol abuse](CONDITION) unless [abstinent](CONDITION) for 1 year", "exclusion",
     "all(Alcohol abuse, not(abstinent))"),
    ("[Cancer](CONDITION) unless [basalioma](CONDITION)", "exclusion", "except(Cancer, basalioma)"),
    ("[Pregnancy](CONDITION) (positive [hCG](MEASUREMENT)) or [nursing](OBSERVATION)", "exclusion",
     "any(all(Pregnancy, hCG), nursing)"),
    ("[HBsAg](MEASUREMENT) negative; if [HBcAb](MEASUREMENT) positive, [HBV DNA](MEASUREMENT)"
     " must be undetectable", "inclusion", "all(HBsAg, if(HBcAb, HBV DNA))"),
    ("[INR](MEASUREMENT) < 1.5; if on [warfarin](DRUG) or [heparin](DRUG)", "inclusion",
     "if(any(warfarin, heparin), INR)"),
    ("Effective [contraception](DRUG) required of [fertile](OBSERVATION) [women](PERSON)",
     "inclusion", "if(all(fertile, women), ?future behaviour)"),
    ("Negative [pregnancy test](MEASUREMENT) required of [fertile](OBSERVATION) [women](PERSON)",
     "inclusion", "if(all(fertile, women), pregnancy test)"),
    ("[Transaminases](MEASUREMENT) ([AST](MEASUREMENT) and [ALT](MEASUREMENT)) < 3 x ULN",
     "inclusion", "all(Transaminases, all(AST, ALT))"),
    ("[Transaminases](MEASUREMENT) ([AST](MEASUREMENT), [ALT](MEASUREMENT)) > 3 x ULN",
     "exclusion", "any(Transaminases, AST, ALT)"),
    ("At least 21 days of [A1](DRUG) or [B1](DRUG)", "inclusion", "any(A1, B1)"),
    ("[Bilirubin](MEASUREMENT) ≤ 2 × ULN, [ALT](MEASUREMENT)/[AST](MEASUREMENT) ≤ 3 × ULN",
     "inclusion", "all(Bilirubin, ALT, AST)"),
    ("[Bilirubin](MEASUREMENT) > 2 × ULN, [ALT](MEASUREMENT)/[AST](MEASUREMENT) > 3 × ULN",
     "exclusion", "any(Bilirubin, ALT, AST)"),
    ("No [women](PERSON) not on [contraception](DRUG)", "inclusion",
     "not(all(women, not(contraception)))"),
    ("No [regurgitation](CONDITION) greater than grade 2 without [diuretic](DRUG)", "inclusion",
     "not(all(regurgitation, not(diuretic)))"),
    ("No [metastases](CONDITION) without [radiotherapy](PROCEDURE)", "inclusion",
     "not(all(metastases, not(radiotherapy)))"),
    ("No [stroke](CONDITION), not on [heparin](DRUG)", "inclusion",
     "all(not(stroke), not(heparin))"),
    ("No [pregnant](CONDITION) or [nursing](CONDITION) [women](PERSON)", "inclusion",
     "not(all(any(pregnant, nursing), women))"),
    ("Severe [renal disease](CONDITION) defined as [creatinine](MEASUREMENT) > 3 mg/dL",
     "exclusion", "all(renal disease, creatinine)"),
    ("[Renal disease](CONDITION) defined as [creatinine](MEASUREMENT) > 3 mg/dL,"
     " [bilirubin](MEASUREMENT) > 2 mg/dL, or [ALT](MEASUREMENT) > 3 x ULN", "exclusion",
     "all(Renal disease, any(creatinine, bilirubin, ALT))"),
    ("At least 4 weeks since [A1](DRUG) or [B1](DRUG)", "inclusion", "all(A1, B1)"),
    ("[A1](CONDITION) or [B1](CONDITION) more than 6 months ago", "inclusion", "any(A1, B1)"),
    ("[Bilirubin](MEASUREMENT) ≤ 1.5 × ULN, except in patients with [Gilbert](CONDITION), who must"
     " have [bilirubin](MEASUREMENT) ≤ 3 × ULN", "inclusion", "if(Gilbert, bilirubin, Bilirubin)"),
    ("If [diabetic](CONDITION): [HbA1c](MEASUREMENT) < 8% and no [asthma](CONDITION)", "inclusion",
     "if(diabetic, all(HbA1c, not(asthma)))"),
    ("[platelets](MEASUREMENT) ≥ 75 g/L (≥ 50 g/L if [myeloma](CONDITION)), [Hb](MEASUREMENT)"
     " > 5 g/L", "inclusion", "all(platelets, Hb)"),
    ("[allergy](CONDITION) or [intolerance](CONDITION) to [aspirin](DRUG)", "exclusion",
     "any(allergy, intolerance)"),
    ("[peanut](DRUG) [allergy](CONDITION)", "exclusion", "allergy"),
    ("[Allergy](CONDITION) to [opioids](DRUG) such as [morphine](DRUG) and [codeine](DRUG)",
     "exclusion", "Allergy"),
    ("[Allergy](CONDITION) to [aspirin](DRUG), or other [salicylates](DRUG)", "exclusion",
     "Allergy"),
    ("[Allergy](CONDITION) to [aspirin](DRUG), use of [warfarin](DRUG)", "exclusion",
     "any(Allergy, warfarin)"),
    ("[Contraindication](CONDITION) to [MRI](PROCEDURE), such as [pacemaker](DEVICE)", "exclusion",
     "any(Contraindication, pacemaker)"),
    ("[Contraindication](CONDITION) to [MRI](PROCEDURE) or use of [gadolinium](DRUG)", "exclusion",
     "Contraindication"),
    ("[Allergy](CONDITION) to [aspirin](DRUG), [asthma](CONDITION)", "exclusion",
     "any(Allergy, asthma)"),
    ("[A1](CONDITION) or [B1](CONDITION)", "inclusion", "any(A1, B1)"),
    ("[A1](CONDITION), [B1](CONDITION) and [C1](CONDITION)", "inclusion", "all(A1, B1, C1)"),
    ("[A1](CONDITION), [B1](CONDITION), [C1](CONDITION)", "exclusion", "any(A1, B1, C1)"),
    ("No [stroke](CONDITION), [TIA](CONDITION) or [MI](CONDITION)", "inclusion",
     "not(any(stroke, TIA, MI))"),
    ("Neither [pregnant](CONDITION) nor [breastfeeding](CONDITION)", "inclusion",
     "not(any(pregnant, breastfeeding))"),
    ("No [pregnant](CONDITION) [women](PERSON)", "inclusion", "not(all(pregnant, women))"),
    ("No [allergy](CONDITION) to [aspirin](DRUG) and no [asthma](CONDITION)", "inclusion",
     "all(not(allergy), not(asthma))"),
    ("[cancer](CONDITION) other than [basal cell carcinoma](CONDITION)", "exclusion",
     "except(cancer, basal cell carcinoma)"),
    ("No [cancer](CONDITION) except [carcinoma in situ](CONDITION)", "inclusion",
     "not(except(cancer, carcinoma in situ))"),
    ("[INR](MEASUREMENT) < 1.5 unless on [warfarin](DRUG)", "inclusion", "any(INR, warfarin)"),
    ("[INR](MEASUREMENT) > 1.5 unless on [warfarin](DRUG)", "exclusion",
     "all(INR, not(warfarin))"),
    ("[Bilirubin](MEASUREMENT) ≤ 1.5 × ULN, except for patients with"
     " [Gilbert's syndrome](CONDITION)", "inclusion", "any(Bilirubin, Gilbert's syndrome)"),
    ("If [diabetic](CONDITION), [HbA1c](MEASUREMENT) must be < 8%", "inclusion",
     "if(diabetic, HbA1c)"),
    ("[HbA1c](MEASUREMENT) < 8% if [diabetic](CONDITION)", "inclusion", "if(diabetic, HbA1c)"),
    ("[Women](PERSON) of [childbearing potential](CONDITION) must have a negative"
     " [pregnancy test](MEASUREMENT)", "inclusion",
     "if(all(Women, childbearing potential), pregnancy test)"),
    ("Negative [pregnancy test](MEASUREMENT) in [women](PERSON) of"
     " [childbearing potential](CONDITION)", "inclusion",
     "if(all(women, childbearing potential), pregnancy test)"),
    ("[Male](PERSON) or [female](PERSON) patients aged ≥ 18 years", "inclusion",
     "all(any(Male, female), aged)"),
    ("[Pregnant](CONDITION) or [breastfeeding](CONDITION) [women](PERSON)", "exclusion",
     "all(any(Pregnant, breastfeeding), women)"),
    ("At least two of the following: [A1](CONDITION), [B1](CONDITION), [C1](CONDITION)",
     "inclusion", "at_least 2(A1, B1, C1)"),
    ("Severe [infection](CONDITION) (e.g., [sepsis](CONDITION), [pneumonia](CONDITION))",
     "exclusion", "any(infection, sepsis, pneumonia)"),
    ("Prior [prophylaxis](PROCEDURE) with [pentamidine](DRUG), [fluconazole](DRUG), or"
     " [dapsone](DRUG)", "inclusion", "all(prophylaxis, any(pentamidine, fluconazole, dapsone))"),
    ("Prior [radiotherapy](PROCEDURE) is allowed", "inclusion", None),
    ("Prior [radiotherapy](PROCEDURE) is allowed if [platelets](MEASUREMENT) > 100,000/mm3",
     "inclusion", "if(radiotherapy, platelets)"),
    ("If on [A1](DRUG), [B1](DRUG) or [C1](DRUG), [HbA1c](MEASUREMENT) < 8%", "inclusion",
     "if(any(A1, B1, C1), HbA1c)"),
    ("If [female](PERSON), [A1](CONDITION) or [B1](CONDITION), or [C1](CONDITION)", "inclusion",
     "if(female, any(A1, B1, C1))"),
    ("[A1](CONDITION) only if [B1](CONDITION)", "inclusion", "if(A1, B1)"),
    ("[AST](MEASUREMENT) ≤ 5 x ULN is allowed if [B1](CONDITION)", "inclusion", "if(B1, AST)"),
    ("[AST](MEASUREMENT) ≤ 5 x ULN only if [B1](CONDITION)", "inclusion", "if(AST, B1)"),
    ("[A1](CONDITION), provided [B1](CONDITION)", "inclusion", "all(A1, B1)"),
    ("[A1](CONDITION) allowed provided [B1](CONDITION)", "inclusion", "if(A1, B1)"),
    ("[A1](CONDITION) if [B1](CONDITION)", "inclusion", "if(B1, A1)"),
    ("[Female](PERSON) patients: [A1](CONDITION) or [B1](CONDITION)", "inclusion",
     "if(Female, any(A1, B1))"),
    ("[Female](PERSON) patients: [A1](CONDITION) or [B1](CONDITION)", "exclusion",
     "all(Female, any(A1, B1))"),
    ("[A1](DRUG) ± [B1](DRUG)", "inclusion", "A1"),
    ("[A1](CONDITION) or [B1](DRUG) ([C1](DRUG) permitted)", "exclusion",
     "except(any(A1, B1), C1)"),
    ("No [A1](CONDITION) ([B1](CONDITION) is allowed)", "inclusion", "not(except(A1, B1))"),
    ("[A1](CONDITION) ([B1](DRUG) is allowed)", "inclusion", "A1"),
    ("[A1](CONDITION) within 14 days; [B1](DRUG) is permitted", "exclusion", "A1"),
    ("[A1](DRUG) ([B1](DRUG) or [C1](DRUG)) is not permitted", "exclusion", "any(A1, B1, C1)"),
    ("Subjects will be excluded if [pregnant](CONDITION)", "inclusion", "not(pregnant)"),
    ("Patients with [A1](CONDITION) will be excluded if they have [B1](CONDITION)", "inclusion",
     "not(all(B1, A1))"),
    ("Patients with [A1](CONDITION) are not eligible unless they have [B1](CONDITION)", "inclusion",
     "not(all(A1, not(B1)))"),
    ("[A1](CONDITION), [B1](CONDITION) or [C1](CONDITION) are ineligible", "inclusion",
     "not(any(A1, B1, C1))"),
    ("If [female](PERSON), must not be [pregnant](CONDITION)", "inclusion",
     "if(female, not(pregnant))"),
    ("[Pregnant](CONDITION) [women](PERSON) are excluded", "inclusion",
     "not(all(Pregnant, women))"),
    ("[Pregnant](CONDITION) [women](PERSON) are excluded", "exclusion", "all(Pregnant, women)"),
    ("[BP](MEASUREMENT) > 160/100 mmHg", "exclusion", "any(BP, BP)"),
    ("[BP](MEASUREMENT) ≤ 140/90 mmHg", "inclusion", "all(BP, BP)"),
    ("[creatinine](MEASUREMENT) ≤ 1.5 x ULN; [ALT](MEASUREMENT) ≤ 3 x ULN", "inclusion",
     "all(creatinine, ALT)"),
    ("[creatinine](MEASUREMENT) > 1.5 x ULN; [ALT](MEASUREMENT) > 3 x ULN", "exclusion",
     "any(creatinine, ALT)"),
    ("Age ≥ 18 years and willing to sign informed consent", "inclusion", "all(Age, ?consent)"),
    ("Any [condition](CONDITION) that in the opinion of the investigator would interfere with the"
     " study", "exclusion", None),
    ("[Cirrhosis](CONDITION) with or without [ascites](CONDITION) or [varices](CONDITION)",
     "inclusion", "Cirrhosis"),
    ("[Hypertension](CONDITION) regardless of [diabetes](CONDITION), [gout](CONDITION)",
     "exclusion", "Hypertension"),
    ("[Asthma](CONDITION) (no [COPD](CONDITION))", "inclusion", "all(Asthma, not(COPD))"),
    ("[Chronic leukaemia](CONDITION) ([CL](CONDITION))", "inclusion", "Chronic leukaemia"),
    ("Non-[pregnant](CONDITION) [women](PERSON)", "inclusion", "all(not(pregnant), women)"),
    ("[Pregnant](CONDITION) [women](PERSON), or [women](PERSON) with [anaemia](CONDITION)",
     "exclusion", "any(all(Pregnant, women), all(women, anaemia))"),
    ("[A1](CONDITION) and either [B1](CONDITION) or [C1](CONDITION)", "inclusion",
     "all(A1, any(B1, C1))"),
    ("Either [A1](CONDITION) or [B1](CONDITION), and no [C1](CONDITION)", "inclusion",
     "all(any(A1, B1), not(C1))"),
    ("[A1](CONDITION) or [B1](CONDITION), and [C1](CONDITION)", "inclusion",
     "all(any(A1, B1), C1)"),
    ("No prior [cancer](CONDITION), except for [carcinoma in situ](CONDITION)", "inclusion",
     "not(except(cancer, carcinoma in situ))"),
    ("For patients with [diabetes](CONDITION), [HbA1c](MEASUREMENT) must be < 8%", "inclusion",
     "if(diabetes, HbA1c)"),
    ("Patients with [diabetes](CONDITION) must have [HbA1c](MEASUREMENT) < 8%", "inclusion",
     "if(diabetes, HbA1c)"),
    ("Use of [warfarin](DRUG) is not allowed", "inclusion", "not(warfarin)"),
    ("Previous [stroke](CONDITION) is not an exclusion", "exclusion", None),
    ("[A1](CONDITION) with [B1](CONDITION) or [C1](CONDITION)", "inclusion",
     "all(A1, any(B1, C1))"),
    ("[Family history](OBSERVATION) of [cancer](CONDITION)", "inclusion", "cancer"),
    ("[Cancer](CONDITION) in mother or [sister](PERSON)", "inclusion", "Cancer"),
    ("Patients with [stroke](CONDITION) will not be excluded", "exclusion", None),
    ("[AST](MEASUREMENT)/[ALT](MEASUREMENT) ≤ 3 x ULN", "inclusion", "all(AST, ALT)"),
    ("[AST](MEASUREMENT)/[ALT](MEASUREMENT) > 3 x ULN", "exclusion", "any(AST, ALT)"),
    ("[bilirubin](MEASUREMENT) ≤ 1 x ULN [AST](MEASUREMENT) or [ALT](MEASUREMENT) ≤ 3 x ULN",
     "inclusion", "all(bilirubin, any(AST, ALT))"),
    ("[Men](PERSON) and non-[pregnant](CONDITION) [women](PERSON)", "inclusion",
     "any(Men, all(not(pregnant), women))"),
    ("[Men](PERSON) and non-[pregnant](CONDITION) [women](PERSON) [aged](PERSON) ≥ 18 years",
     "inclusion", "all(any(Men, all(not(pregnant), women)), aged)"),
    ("[Adult](PERSON) [men](PERSON) and [women](PERSON)", "inclusion",
     "all(Adult, any(men, women))"),
    ("[Pregnant](CONDITION) [women](PERSON) or suspected [pregnancy](CONDITION)", "exclusion",
     "any(all(Pregnant, women), pregnancy)"),
    ("[Pregnant](CONDITION), or [women](PERSON) not using [contraception](DRUG)", "exclusion",
     "any(Pregnant, all(women, not(contraception)))"),
    ("[Deprived of liberty](OBSERVATION) or [adult](PERSON) under"
     " [guardianship](OBSERVATION)", "exclusion",
     "any(Deprived of liberty, all(adult, guardianship))"),
    ("[Pregnancy](CONDITION), [women](PERSON) with [gout](CONDITION)", "exclusion",
     "any(Pregnancy, all(women, gout))"),
    ("[Pregnancy](CONDITION), [nursing](OBSERVATION), [fertile](OBSERVATION) [women](PERSON) who"
     " smoke [cigars](OBSERVATION)", "exclusion",
     "any(any(Pregnancy, nursing), all(fertile, women, cigars))"),
    ("[Pregnant](CONDITION) or [nursing](CONDITION) [women](PERSON) with [gout](CONDITION)",
     "exclusion", "all(any(Pregnant, nursing), women, gout)"),
    ("[Men](PERSON) or [women](PERSON) with [gout](CONDITION)", "exclusion",
     "all(any(Men, women), gout)"),
    ("Patients with [gout](CONDITION) who will undergo [surgery](PROCEDURE)", "inclusion",
     "all(gout, surgery)"),
    ("[Women](PERSON) who will undergo [surgery](PROCEDURE) must have a negative"
     " [pregnancy test](MEASUREMENT)", "inclusion", "if(all(Women, surgery), pregnancy test)"),
    ("Negative [pregnancy test](MEASUREMENT) for a [woman](PERSON) of [childbearing"
     " potential](OBSERVATION)", "inclusion",
     "if(all(woman, childbearing potential), pregnancy test)"),
    ("[HIV](CONDITION)/[HCV coinfection](CONDITION)", "inclusion", "all(HIV, HCV coinfection)"),
    ("[Statins](DRUG) (except [niacin](DRUG)) and other [fibrates](DRUG)", "exclusion",
     "any(except(Statins, niacin), fibrates)"),
    ("[Gout](CONDITION), a history of ( ) [angina](CONDITION), or [stroke](CONDITION)",
     "exclusion", "any(Gout, angina, stroke)"),
    ("Patients with [asthma](CONDITION) are eligible if on [steroids](DRUG)", "inclusion",
     "if(asthma, steroids)"),
    ("[Asthma](CONDITION) will be included as long as on [steroids](DRUG)", "inclusion",
     "if(Asthma, steroids)"),
    ("[Asthma](CONDITION), if on [steroids](DRUG)", "inclusion", "if(steroids, Asthma)"),
    ("[Infection](CONDITION), excluding [zoster](CONDITION), requiring [aciclovir](DRUG)",
     "exclusion", "all(except(Infection, zoster), aciclovir)"),
    ("[Glioma](CONDITION) (excluding [tumors](CONDITION) with [necrosis](CONDITION))", "inclusion",
     "except(Glioma, all(tumors, necrosis))"),
    ("[Glioma](CONDITION) (excluding [tumors](CONDITION) and [necrosis](CONDITION))", "inclusion",
     "except(Glioma, tumors, necrosis)"),
    ("[LVEF](MEASUREMENT) ≥ 50% by [echocardiogram](PROCEDURE) ([ECHO](PROCEDURE)) or by a"
     " [MUGA](MEASUREMENT) scan", "inclusion", "LVEF"),
    ("No [metastases](CONDITION) on [CT](PROCEDURE) (or [MRI](PROCEDURE))", "inclusion",
     "not(metastases)"),
    ("[HIV](CONDITION)/[HCV infection](CONDITION)", "inclusion", "any(HIV, HCV infection)"),
    ("[A1](CONDITION) ([NYHA](MEASUREMENT) III-IV) or [LVEF](MEASUREMENT) < 40%", "exclusion",
     "any(all(A1, NYHA), LVEF)"),
    ("[steroids](DRUG) unless [inhaled steroids](DRUG)", "exclusion",
     "except(steroids, inhaled steroids)"),
    ("No prior [cancer](CONDITION) and no concurrent [cancer](CONDITION) except"
     " [basalioma](CONDITION)", "inclusion",
     "all(not(except(cancer, basalioma)), not(except(cancer, basalioma)))"),
    ("No [hernia](CONDITION); no [cancer](CONDITION) except [basalioma](CONDITION)", "inclusion",
     "all(not(hernia), not(except(cancer, basalioma)))"),
    ("[ANC](MEASUREMENT) ≥ 1000/mm3; [fertile](CONDITION) patients must use"
     " [contraception](DRUG); no [asthma](CONDITION)", "inclusion",
     "all(ANC, all(if(fertile, ?future behaviour), not(asthma)))"),
    ("[Renal](CONDITION): [creatinine](MEASUREMENT) ≤ 2 mg/dL", "inclusion", "creatinine"),
    ("[Asthma](CONDITION): [FEV1](MEASUREMENT) ≤ 2 L", "inclusion", "all(Asthma, FEV1)"),
    ("No [NYHA](MEASUREMENT) class III or IV [disease](CONDITION)", "inclusion", "not(NYHA)"),
    ("[Anaemia](CONDITION), defined as [haemoglobin](MEASUREMENT) < 9 g/dL", "exclusion",
     "haemoglobin"),
    ("[allergy](CONDITION) to [aspirin](DRUG) or its [coating](DEVICE)", "exclusion", "allergy"),
    ("[intolerance](CONDITION) of or [allergy](CONDITION) to [aspirin](DRUG)", "exclusion",
     "any(intolerance, allergy)"),
    ("[infection](CONDITION) requiring [hospitalization](VISIT) or [antibiotics](DRUG)",
     "exclusion", "all(infection, any(hospitalization, antibiotics))"),
    ("[Age](PERSON) ≥ 60 years, or [age](PERSON) 50 to 59 years with [asthma](CONDITION)",
     "inclusion", "any(Age, all(age, asthma))"),
    ("[bone marrow](PROCEDURE) or [stem cell transplant](PROCEDURE)", "exclusion",
     "any(bone marrow transplant, stem cell transplant)"),
    ("[antibacterial](DRUG) or [antiviral therapy](DRUG)", "exclusion",
     "any(antibacterial therapy, antiviral therapy)"),
    ("Is [male](PERSON) or [female](PERSON) and is [aged](PERSON) ≥ 65 years", "inclusion",
     "all(any(male, female), aged)"),
    ("Adequate clotting defined by [INR](MEASUREMENT) ≤ 1.5 or [PT](MEASUREMENT) ≤ 12 s",
     "inclusion", "any(INR, PT)"),
    ("Patients with [A1](CONDITION), [B1](CONDITION), and [C1](CONDITION) are not eligible",
     "inclusion", "not(any(A1, B1, C1))"),
    ("For [women](PERSON) of [childbearing potential](CONDITION), negative"
     " [pregnancy test](MEASUREMENT)", "inclusion",
     "if(all(women, childbearing potential), pregnancy test)"),
    ("[Women](PERSON) of [childbearing potential](CONDITION): negative"
     " [pregnancy test](MEASUREMENT)", "inclusion",
     "if(all(Women, childbearing potential), pregnancy test)"),
    ("[Women](PERSON) with [asthma](CONDITION), [COPD](CONDITION)", "inclusion",
     "all(Women, all(asthma, COPD))"),
    ("Patients may receive [aspirin](DRUG)", "inclusion", None),
    ("[liver disease](CONDITION) ([bilirubin](MEASUREMENT) > 2 mg/dL; [ALT](MEASUREMENT)"
     " > 3 x ULN)", "exclusion", "all(liver disease, any(bilirubin, ALT))"),
    ("Negative [urine](MEASUREMENT) or [serum pregnancy test](MEASUREMENT)", "inclusion",
     "any(urine pregnancy test, serum pregnancy test)"),
    ("[AST](MEASUREMENT) and/or [ALT](MEASUREMENT) ≤ 3 x ULN", "inclusion", "all(AST, ALT)"),
    ("[A1](CONDITION) (e.g., [B1](CONDITION)) with [C1](CONDITION)", "exclusion",
     "all(any(A1, B1), C1)"),
    ("[IM](DRUG) or [IV steroid therapy](DRUG)", "exclusion",
     "any(IM steroid therapy, IV steroid therapy)"),
    ("[basal cell](CONDITION) or [squamous cell carcinoma](CONDITION)", "exclusion",
     "any(basal cell carcinoma, squamous cell carcinoma)"),
    ("[creatinine](MEASUREMENT) normal for [age](PERSON)", "inclusion", "creatinine"),
    ("Any of the following [ECG](PROCEDURE) findings: [QTcF](MEASUREMENT) > 480 ms or"
     " [PR](MEASUREMENT) > 240 ms", "exclusion", "any(QTcF, PR)"),
    ("[contraindication](CONDITION) to [ibuprofen](DRUG), [asthma](CONDITION)", "exclusion",
     "any(contraindication, asthma)"),
    ("[A1](CONDITION), known [B1](CONDITION) or [C1](CONDITION)", "exclusion", "any(A1, B1, C1)"),
    ("[A1](CONDITION), requiring [B1](DRUG)", "exclusion", "all(A1, B1)"),
    ("[Age](PERSON) > 18 years and current or past history of [lymphoma](CONDITION)", "inclusion",
     "all(Age, lymphoma)"),
    ("[A1](CONDITION), [B1](CONDITION) and [C1](CONDITION)", "exclusion", "any(A1, B1, C1)"),
    ("[A1](CONDITION) and [B1](CONDITION)", "exclusion", "all(A1, B1)"),
    ("[Pregnancy](CONDITION) and [lactation](CONDITION)", "exclusion", "any(Pregnancy, lactation)"),
    ("[A1](DRUG) and other [B1](DRUG)", "exclusion", "any(A1, B1)"),
    ("[Male](PERSON) of [female](PERSON) participants", "inclusion", "any(Male, female)"),
    ("[adult](PERSON), [male](PERSON) or [female](PERSON)", "inclusion",
     "all(adult, any(male, female))"),
    ("[man](PERSON) or [woman](PERSON) (no [pregnancy](CONDITION)) aged 18 to 55 years",
     "inclusion", "all(any(man, all(woman, not(pregnancy))), aged)"),
    ("[Pregnant](CONDITION) [women](PERSON), [breastfeeding](CONDITION)", "exclusion",
     "any(all(Pregnant, women), breastfeeding)"),
    ("[clots](CONDITION) requiring [B1](DRUG) (e.g. [C1](DRUG), [D1](DRUG)) or [A1](CONDITION)",
     "exclusion", "any(all(clots, any(B1, C1, D1)), A1)"),
    ("[A1](CONDITION) (e.g. [B1](CONDITION)) and [C1](CONDITION)", "inclusion",
     "all(any(A1, B1), C1)"),
    ("[NYHA](MEASUREMENT) class III [heart failure](CONDITION) or [arrhythmia](CONDITION)",
     "exclusion", "any(all(NYHA, heart failure), arrhythmia)"),
    ("[cancer](CONDITION) other than [A1](CONDITION), with the exception of [B1](CONDITION)",
     "exclusion", "except(except(cancer, A1), B1)"),
    ("[cancer](CONDITION) except [skin cancer](CONDITION) other than [melanoma](CONDITION)",
     "exclusion", "except(cancer, except(skin cancer, melanoma))"),
    ("[cancer](CONDITION), with the exceptions of [A1](CONDITION); [B1](CONDITION); or"
     " [C1](CONDITION)", "exclusion", "except(cancer, A1, B1, C1)"),
    ("[AST](MEASUREMENT) ≤ 3 × ULN, [bilirubin](MEASUREMENT) ≤ 1.5 × ULN (except"
     " [Gilbert](CONDITION)), and [INR](MEASUREMENT) < 2", "inclusion",
     "all(AST, any(bilirubin, Gilbert), INR)"),
    ("[cancer](CONDITION); (patients with [lobular carcinoma](CONDITION) (in situ) are eligible)",
     "exclusion", "except(cancer, lobular carcinoma)"),
    ("For patients on [A1](DRUG), [B1](DRUG) or [C1](DRUG): [Hb](MEASUREMENT) > 9 g/dL",
     "inclusion", "if(any(A1, B1, C1), Hb)"),
    ("[Creatinine](MEASUREMENT) ≤ 1.5 mg/dL or [clearance](MEASUREMENT) ≥ 60 mL/min if"
     " [creatinine](MEASUREMENT) > 1.5 mg/dL", "inclusion",
     "any(Creatinine, all(creatinine, clearance))"),
    ("[hepatic](CONDITION) and [renal failure](CONDITION)", "inclusion",
     "all(hepatic failure, renal failure)"),
    ("[hepatic](CONDITION) and [renal failure](CONDITION)", "exclusion",
     "any(hepatic failure, renal failure)"),
    ("No [hepatic](CONDITION) and [renal failure](CONDITION)", "inclusion",
     "not(any(hepatic failure, renal failure))"),
    ("[Pregnant](CONDITION) [women](PERSON) and [nursing](CONDITION) mothers are ineligible",
     "inclusion", "not(any(all(Pregnant, women), nursing))"),
    ("More than 9 months since [lobar](PROCEDURE) or [hepatic resection](PROCEDURE)", "inclusion",
     "all(lobar resection, hepatic resection)"),
    ("[lobar](PROCEDURE) or [hepatic resection](PROCEDURE) more than 9 months ago", "inclusion",
     "any(lobar resection, hepatic resection)"),
    ("[A1](CONDITION) ([B1](MEASUREMENT) > 3 or positive [C1](PROCEDURE)) or [D1](CONDITION)",
     "exclusion", "any(all(A1, any(B1, C1)), D1)"),
    ("[A1](CONDITION) now or less than 2 weeks ago with [B1](DRUG)", "exclusion", "all(A1, B1)"),
    ("[A1](DRUG) within 30 days or 5 half-lives, use of [B1](DRUG)", "exclusion", "any(A1, B1)"),
    ("[A1](CONDITION) if [B1](CONDITION); (patients with [C1](CONDITION) are eligible)",
     "exclusion", "except(all(B1, A1), C1)"),
    ("[AST](MEASUREMENT)/serum [ALT](MEASUREMENT) < 3 × ULN", "inclusion", "all(AST, ALT)"),
    ("[A1](CONDITION) (other than [B1](CONDITION)) requiring [C1](DRUG)", "exclusion",
     "all(except(A1, B1), C1)"),
    ("No [A1](CONDITION) (other than [B1](CONDITION)) requiring [C1](DRUG)", "inclusion",
     "not(all(except(A1, B1), C1))"),
    ("[A1](CONDITION) (other than [B1](CONDITION)) or [C1](DRUG)", "exclusion",
     "any(except(A1, B1), C1)"),
    ("[Creatinine](MEASUREMENT) < 1.5 mg/dL or, if [obese](CONDITION), [clearance](MEASUREMENT)"
     " > 60 mL/min", "inclusion", "any(Creatinine, all(obese, clearance))"),
    ("[Creatinine](MEASUREMENT) < 1.5 mg/dL and, if [obese](CONDITION), [clearance](MEASUREMENT)"
     " > 60 mL/min", "inclusion", "all(Creatinine, if(obese, clearance))"),
    ("At least 1 month since any of the following: [A1](DRUG) or [B1](DRUG)", "inclusion",
     "all(A1, B1)"),
    ("No [seizures](CONDITION) currently receiving [phenytoin](DRUG)", "inclusion",
     "not(all(seizures, phenytoin))"),
    ("[A1](DRUG), [B1](DRUG), and [C1](DRUG) or [D1](DRUG), [E1](DRUG), and [F1](DRUG)",
     "inclusion", "any(all(A1, B1, C1), all(D1, E1, F1))"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "section", "expected"), STRUCTURE)
def test_structure(read, marked, section, expected):
    assert outline(read(marked, section)) == expected


SHORT_FORMS = [
    ("No [embolism](CONDITION) ([PE](CONDITION)) or [stroke](CONDITION)",
     "not(any(embolism, stroke))"),
    ("[Radiotherapy](PROCEDURE): no prior [irradiation](PROCEDURE)", "not(irradiation)"),
    ("[Surgery](PROCEDURE): at least 4 weeks since major [operation](PROCEDURE)", "operation"),
    ("[bleeding](CONDITION) after [resection](PROCEDURE)", "bleeding"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), SHORT_FORMS)
def test_what_is_named_twice_or_dates_another_is_no_leaf(read, marked, expected):
    record = read(marked, "exclusion")
    assert (outline(record), record.criteria[0].status) == (expected, "exact")


STATUS = [
    ("[ECOG](MEASUREMENT) 0-1", "exact", []),
    ("No [MI](CONDITION) within 6 months before enrolment", "exact", []),
    ("[Hb](MEASUREMENT) ≥ 13", "partial", [("≥ 13", "unit_missing")]),
    ("[diabetes](CONDITION) treated with diet alone", "partial",
     [("treated with diet alone", "not understood")]),
    ("Able to give written informed consent", "non_computable",
     [("Able to give written informed consent", "consent")]),
    ("Willing to comply with all visits", "non_computable",
     [("Willing to comply with all visits", "willingness")]),
    ("The child's assent must be sought as well", "non_computable",
     [("child's", "not understood"), ("assent must be sought as well", "consent")]),
    ("[gout](CONDITION) that would adversely influence the trial", "partial",
     [("that would adversely influence the trial", "judgement")]),
    ("Likely to comply with visits", "non_computable",
     [("Likely to comply with visits", "willingness")]),
    ("Non-compliant patients", "non_computable", [("Non-compliant patients", "willingness")]),
    ("Lacks the capacity to consent", "non_computable",
     [("Lacks the capacity to consent", "consent")]),
    ("Must use [contraception](PROCEDURE) during the study", "non_computable",
     [("use contraception during the study", "future behaviour")]),
    ("Not using [contraception](PROCEDURE) throughout the study", "non_computable",
     [("Not using contraception throughout the study", "future behaviour")]),
    ("Recovered from [surgery](PROCEDURE) Other: No [gout](CONDITION)", "partial",
     [("Recovered from surgery", "recovery")]),
    ("Patients must use [insulin](DRUG)", "exact", []),
    ("Using [contraception](PROCEDURE)", "exact", []),
    ("Refrain from donating blood until the last visit", "non_computable",
     [("Refrain from donating blood until the last visit", "future behaviour")]),
    ("Recovered from effects of prior [surgery](PROCEDURE)", "non_computable",
     [("Recovered from effects of prior surgery", "recovery")]),
    ("Recovered from [surgery](PROCEDURE), and no [gout](CONDITION)", "partial",
     [("Recovered from surgery", "recovery")]),
    ("[gout](CONDITION) which interferes with the study procedures", "partial",
     [("which interferes with the study procedures", "judgement")]),
    ("In the opinion of the investigator, [gout](CONDITION) or [asthma](CONDITION)", "partial",
     [("In the opinion of the investigator", "judgement")]),
    ("[gout](CONDITION), in the opinion of the investigator", "partial",
     [("in the opinion of the investigator", "judgement")]),
    ("[gout](CONDITION) as determined by his or her doctor", "partial",
     [("as determined by his or her doctor", "judgement")]),
    ("Completion of three open water dives", "unparsed",
     [("Completion of three open water dives", "not understood")]),
    ("[creatinine](MEASUREMENT) < 1.5 mg/dL OR", "partial",
     [("OR", "the next criterion is an alternative to this one")]),
    ("[A1](CONDITION) with [B1](CONDITION) or [C1](CONDITION)", "partial",
     [("C1", "what follows may belong to the last only")]),
    ("[A1](CONDITION), [B1](CONDITION) excluded", "partial",
     [("excluded", "from what it is excluded is not said")]),
    ("[A1](CONDITION) or [B1](CONDITION) and [C1](CONDITION)", "partial",
     [(" and ", "and beside or: more than one reading")]),
    ("[surgery](PROCEDURE) for [cancer](CONDITION)", "exact", []),
    ("[gout](CONDITION) for [cancer](CONDITION)", "partial",
     [("for", "how the two belong together")]),
    ("No [cysts](CONDITION) on [CT](PROCEDURE) or [MRI](PROCEDURE)", "exact", []),
    ("[EF](MEASUREMENT) > 40% by [echocardiography](PROCEDURE)", "exact", []),
    ("[cyst](CONDITION) by [CT](PROCEDURE) within 4 weeks", "partial",
     [("by", "how the two belong together")]),
    ("[cyst](CONDITION) by [surgery](PROCEDURE)", "partial",
     [("by", "how the two belong together")]),
    ("Patients treated with [aspirin](DRUG) are eligible", "partial",
     [("are eligible", "permission or condition: which is not said")]),
    ("Patients with [gout](CONDITION) are eligible for this trial", "partial",
     [("are eligible for this trial", "permission or condition: which is not said")]),
    ("[Women](PERSON) are eligible for this trial", "exact", []),
    ("[EGFR-](DRUG) or [HER2 inhibitors](DRUG)", "partial", [("EGFR-", "the name is cut short")]),
    ("[anytime](CONDITION)", "partial", [("anytime", "the name is cut short")]),
    ("[type A](CONDITION)", "partial", [("type A", "the name is cut short")]),
    ("[haemophilia A](CONDITION)", "exact", []),
    ("[heparin](DRUG) [fever](CONDITION)", "partial",
     [("fever", "may be one thing with what is before it")]),
    ("[asthma](CONDITION) not controlled with [steroids](DRUG)", "partial",
     [("steroids", "what the state before it is owed to")]),
    ("[nicotine](DRUG) (i.e. [patches](DEVICE))", "partial",
     [("patches", "what is before it, in other words")]),
    ("[steroids](DRUG) including [prednisone](DRUG), within 4 weeks", "exact", []),
    ("[failure](CONDITION) including [angina](CONDITION) within 4 weeks", "partial",
     [("within 4 weeks", "the time may hold for all that is named")]),
    ("[failure](CONDITION), including prior [angina](CONDITION)", "exact", []),
    ("[aspirin](DRUG), or [these agents](DRUG) within 3 days", "partial",
     [("these agents", "refers to what is named elsewhere")]),
    ("[radiation](PROCEDURE) or [chemotherapy](PROCEDURE) for a severe or recurrent"
     " [cancer](CONDITION)", "partial", [(" or ", "what follows may belong to the last only"),
                                         ("for a", "how the two belong together")]),
    ("[cancer](CONDITION) except [basalioma](CONDITION) within 5 years", "exact", []),
    ("[cancer](CONDITION) except [basalioma](CONDITION) and [polyps](CONDITION) within 5 years",
     "partial", [("within 5 years", "the time may hold for all that is named")]),
    ("[cancer](CONDITION) within 5 years except [basalioma](CONDITION)", "exact", []),
    ("[creatinine](MEASUREMENT) 1.5 mg/dL", "partial",
     [("1.5 mg/dL", "which side of the number is meant is not said")]),
    ("[ECOG](MEASUREMENT) 2", "exact", []),
    ("If on [A1](DRUG), [B1](DRUG), or [C1](DRUG), taken for at least 3 months", "partial",
     [("If", "what is asked in this case is not read")]),
    ("For patients on [A1](DRUG), stable dose for 4 weeks", "partial",
     [("For patients on", "what is asked in this case is not read")]),
    ("If on [A1](DRUG), [B1](DRUG), [C1](DRUG), [HbA1c](MEASUREMENT) < 8%", "partial",
     [("If", "where the condition ends is not said")]),
    ("[A1](CONDITION); [B1](CONDITION) is allowed", "partial",
     [("is allowed", "permission: what it takes out is not said")]),
    ("[HbA1c](MEASUREMENT) < 8 % (if [young](CONDITION)) or < 9 % (if [frail](CONDITION))",
     "partial", [("< 9 %", "of which case the bound is")]),
    ("[A1](DRUG) within 10 days of dosing with [B1](DRUG)", "partial",
     [("B1", "the time may count from it too")]),
    ("No [radiotherapy](PROCEDURE) for this or other [tumours](CONDITION)", "partial",
     [("tumours", "the negation before it may reach it")]),
    ("[disability](CONDITION) if it precludes [surgery](PROCEDURE)", "partial",
     [("if it", "refers to what is named elsewhere")]),
    ("[test for](MEASUREMENT) rabies positive", "partial",
     [("test for", "the name is cut short"), ("rabies positive", "not understood")]),
    ("[statins](DRUG) for prevention (e.g. [stroke](CONDITION))", "partial",
     [("for", "what the examples are of"), ("prevention", "not understood")]),
    ("Adequate renal, hepatic, and cardiac function", "non_computable",
     [("Adequate renal, hepatic, and cardiac function", "judgement")]),
    ("[surgical](PROCEDURE) candidates", "partial",
     [("surgical", "which one is meant is not said")]),
    ("[ferritin](MEASUREMENT) < 100 ug/L or 100-300 ug/L with [TSAT](MEASUREMENT) < 20%",
     "partial", [("< 100 ug/L", "two bounds where one is looked for")]),
    ("[ALT](MEASUREMENT) ≤ 2 x ULN (≤ 5 x ULN)", "partial",
     [("≤ 5 x ULN", "two bounds where one is looked for")]),
    ("[age](PERSON) ≥ 18 and ≤ 65 years", "exact", []),
    ("[asthma](CONDITION) after [aspirin](DRUG) or [NSAIDs](DRUG)", "partial",
     [("NSAIDs", "the time may count from it too")]),
    ("[A1](DRUG), [B1](DRUG), [C1](DRUG)", "partial", [("C1", "how the list joins is not said")]),
    ("[hepatitis](CONDITION): [cirrhosis](CONDITION)", "partial",
     [("hepatitis", "what is before the colon may be what follows")]),
    ("No current or prior [cancer](CONDITION) within 5 years", "exact", []),
    ("Patients with [A1](CONDITION) and [B1](CONDITION) are excluded", "partial",
     [("and", "who is excluded: with both or with either")]),
    ("[D analogues](DRUG)", "partial", [("D analogues", "the name is cut short")]),
    ("[metastases](CONDITION) not requiring [steroids](DRUG) allowed", "partial",
     [("allowed", "permission: restricts only some")]),
    ("severe [medical illness](CONDITION)", "partial",
     [("medical illness", "which one is meant is not said")]),
    ("measurable [disease](CONDITION)", "exact", []),
    ("[hernia](CONDITION) or [platelet count](MEASUREMENT)", "partial",
     [("platelet count", "a measurement without a value")]),
    ("[small cell tumour\nSarcoma of bone](CONDITION)", "partial",
     [("small cell tumour\nSarcoma of bone", "two lines may be two items")]),
    ("[AST](MEASUREMENT) > 2 x ULN; [AST](MEASUREMENT) > 5 x ULN if [metastases](CONDITION)",
     "partial", [("if", "the bound before it may hold otherwise only")]),
    ("[asthma](CONDITION) treated with [steroids](DRUG)", "exact", []),
    ("[CrCl](MEASUREMENT) > 60 mL/min by the [Cockcroft-Gault formula](PROCEDURE)", "exact", []),
    ("[gout](CONDITION) according to the 2015 ACR/EULAR criteria", "exact", []),
    ("[gout](CONDITION) according to the sister", "partial",
     [("according to the sister", "not understood")]),
    ("[asthma](CONDITION) with any of the following:", "partial",
     [("the following:", "what it announces does not follow")]),
    ("[gout](CONDITION) (no [biopsy](PROCEDURE) is required)", "partial",
     [("is required", "asks for nothing")]),
    ("[allergy](CONDITION) or [excipients](DRUG)", "partial",
     [("excipients", "part of what is not said")]),
    ("[radiotherapy](PROCEDURE) and [recovered](OBSERVATION)", "exact", []),
    ("[gout](CONDITION) and [recovered](OBSERVATION)", "partial",
     [("recovered", "which one is meant is not said")]),
    ("[gout](CONDITION) requiring [treatment](PROCEDURE)", "exact", []),
    ("[Treatment](PROCEDURE) for [gout](CONDITION)", "partial",
     [("Treatment", "which one is meant is not said")]),
    ("[ferritin](MEASUREMENT) > 8 ug/L but less than 12 ug/L", "exact", []),
    ("No [chemotherapy](PROCEDURE) for any reason", "exact", []),
    ("No other concomitant [medications](DRUG)", "partial",
     [("medications", "which one is meant is not said")]),
    ("[medication](DRUG) with [aspirin](DRUG)", "exact", []),
    ("2. [Gout](CONDITION)", "exact", []),
    ("Episodes of [gout](CONDITION)", "exact", []),
    ("History of [penicillin](DRUG) [allergy](CONDITION)", "exact", []),
    ("[Hb](MEASUREMENT) ≥ 9 g/dL ([transfusion](PROCEDURE) allowed)", "exact", []),
    ("[Hb](MEASUREMENT) ≥ 9 g/dL ([transfusion](PROCEDURE) not allowed)", "partial",
     [("allowed", "permission: what it takes out is not said")]),
    ("[gout](CONDITION) diagnosed by a doctor", "exact", []),
    ("[gout](CONDITION) diagnosed by a neighbour", "partial", [("neighbour", "not understood")]),
    ("[creatinine](MEASUREMENT) < 2 x ULN, CTCAE v3.0 grade 1", "partial",
     [("1", "a grade beside its bound")]),
    ("[radiotherapy](PROCEDURE) allowed to less than 25% of the marrow", "partial",
     [("allowed", "permission: restricts only some"), ("marrow", "not understood")]),
    ("Receipt of [iron](DRUG) in the past 6 months", "exact", []),
    ("Receipt of [gout](CONDITION)", "partial", [("Receipt", "not understood")]),
    ("Adequate bone marrow functions, liver functions and renal functions", "non_computable",
     [("Adequate bone marrow functions, liver functions and renal functions", "judgement")]),
    ("Adequate cardiac function: [LVEF](MEASUREMENT) > 50%", "exact", []),
    ("Adequate marrow function, as evidenced by [ANC](MEASUREMENT) > 1500/mm3", "exact", []),
    ("Adequate renal function as defined in the [protocol](PROCEDURE)", "partial",
     [("Adequate renal function", "judgement")]),
    ("[allergy](CONDITION) to, or [intolerance](CONDITION) of, [iron](DRUG)", "exact", []),
    ("[asthma](CONDITION) with [polyps](CONDITION)", "exact", []),
    ("[asthma](CONDITION) with known or suspected [polyps](CONDITION)", "exact", []),
    ("Radiographic evidence of [pneumonia](CONDITION)", "exact", []),
    ("[Radiographic](PROCEDURE) evidence of [pneumonia](CONDITION)", "exact", []),
    ("[Asthma](CONDITION) regardless of cause or severity", "exact", []),
    ("[Asthma](CONDITION) regardless of smoking", "partial",
     [("regardless of smoking", "not understood")]),
    ("[Men](PERSON) of any race or ethnic origin", "exact", []),
    ("[Men](PERSON) of the same race", "partial", [("same race", "not understood")]),
    ("[Asthma](CONDITION), excluded from participation in this study", "exact", []),
    ("[Asthma](CONDITION) participating in school", "partial",
     [("participating in school", "not understood")]),
    ("Patient's [urea](MEASUREMENT) < 8 mmol/L, performed within the past week", "exact", []),
    ("[LVEF](MEASUREMENT) > 50% as determined by [echocardiogram](PROCEDURE)", "exact", []),
    ("[LVEF](MEASUREMENT) > 50% as determined by [surgery](PROCEDURE)", "partial",
     [("as determined by", "how the two belong together")]),
    ("[Nodules](CONDITION) considered clinically significant", "exact", []),
    ("[Nodules](CONDITION) considered benign", "partial",
     [("considered benign", "not understood")]),
    ("[Children](PERSON) ([aged](PERSON) 2 to 11 years)", "exact", []),
    ("[Women](PERSON) as determined by [chromosomes](MEASUREMENT)", "partial",
     [("chromosomes", "how the two belong together")]),
    ("[Iron](DRUG) within 30 days before informed consent", "exact", []),
    ("[Iron](DRUG) within 30 days, informed consent", "partial", [("informed consent", "consent")]),
    ("[LVEF](MEASUREMENT) > 50% by [echocardiogram](PROCEDURE) or [MRI](PROCEDURE)", "exact", []),
    ("[Normal cavity](OBSERVATION) (as seen by [hysteroscopy](PROCEDURE))", "exact", []),
    ("[Normal cavity](OBSERVATION) ([hysteroscopy](PROCEDURE))", "partial",
     [("hysteroscopy", "words in parentheses: example or definition")]),
    ("[Gout](CONDITION) according to the revised 2015 American College of Rheumatology criteria",
     "exact", []),
    ("[Gout](CONDITION) as defined by the [European League](PROCEDURE) Against Gout (EL) criteria",
     "exact", []),
    ("Meets Diagnostic and Statistical Manual of Mental Disorders, Fifth Edition (DSM-5) criteria"
     " for [mania](CONDITION)", "exact", []),
    ("[Gout](CONDITION) according to the criteria of the protocol", "partial",
     [("according to the criteria of the protocol", "not understood")]),
    ("[Gout](CONDITION) per Local Ultrasound", "partial",
     [("Local Ultrasound", "not understood")]),
    ("At least one measurable [lesion](OBSERVATION)", "exact", []),
    ("At least one [urea](MEASUREMENT)", "partial", [("At least one", "unit_missing")]),
    ("Child's [urea](MEASUREMENT) < 8 mmol/L", "partial", [("Child's", "not understood")]),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "status", "uncovered"), STATUS)
def test_status_and_what_is_not_in_the_rule(read, marked, status, uncovered):
    record = read(marked, "inclusion")
    criterion = record.criteria[0]
    found = [(record.text[u.start : u.end], u.reason) for u in criterion.uncovered]
    assert (criterion.status, found) == (status, uncovered)


@pytest.mark.parametrize(
    ("marked", "status"),
    [
        ("[A1](DRUG), [B1](DRUG) and [C1](DRUG)", "partial"),
        ("[A1](DRUG) and [B1](DRUG)", "partial"),
        ("[A1](DRUG) and other [B1](DRUG)", "exact"),
        ("Two or more of: [A1](DRUG), [B1](DRUG) and [C1](DRUG)", "exact"),
        ("[A1](DRUG), [B1](DRUG) or [C1](DRUG)", "exact"),
    ],
)
def test_treatments_that_exclude_together(read, marked, status):
    assert read(marked, "exclusion").criteria[0].status == status


@pytest.mark.parametrize(
    ("marked", "status"),
    [
        ("Patients must not have [asthma](CONDITION)", "partial"),
        ("Patients may not take [aspirin](DRUG)", "partial"),
        ("Patients with [asthma](CONDITION) must not be included", "exact"),
        ("No [asthma](CONDITION)", "exact"),
    ],
)
def test_what_must_be_under_exclusion(read, marked, status):
    assert read(marked, "exclusion").criteria[0].status == status
    assert read(marked, "inclusion").criteria[0].status == "exact"


GUARDS = [
    ("[Hb](MEASUREMENT) ≥ 13 g/dL for men and ≥ 12 g/dL for women", ["male", "female"]),
    ("[QTc](MEASUREMENT) > 450 ms in males, > 470 ms in females", ["male", "female"]),
    ("[Hb](MEASUREMENT) < 11 g/dL (< 7 mmol/L) in women, < 13 g/dL (< 8 mmol/L) in men",
     ["female", "male"]),
    ("[Hb](MEASUREMENT) ≥ 9 and ≤ 15 g/dL", [None, None]),
    ("[ALT](MEASUREMENT) ≤ 2.5 x ULN, or ≤ 5 x ULN in patients with [metastases](CONDITION)",
     ["metastases", "otherwise"]),
    ("[ALT](MEASUREMENT) ≤ 2.5 x ULN", [None]),
    ("[ages](PERSON) 24 months to 16 years, with [anemia](CONDITION)", [None, None]),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), GUARDS)
def test_guards(read, marked, expected):
    record = read(marked, "inclusion")
    names = {m.id: m.text for m in record.mentions}

    def name(guard):
        match guard:
            case {"sex": sex}:
                return sex
            case {"rule": {"op": "is", "mention": id_}}:
                return names[id_]
            case {"otherwise": True}:
                return "otherwise"
        return guard

    from critextract.schema import plain

    assert [name(plain(v.guard)) for v in record.mentions[0].values] == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[hernia](CONDITION) or grade 2 or higher [neuropathy](CONDITION)", [0, 1]),
        ("[hernia](CONDITION) grade 2 or higher, [neuropathy](CONDITION)", [1, 0]),
        ("[NYHA](MEASUREMENT) class III or IV [heart failure](CONDITION)", [1, 0]),
    ],
)
def test_a_grade_before_its_condition(read, marked, expected):
    assert [len(m.values) for m in read(marked).mentions] == expected


def test_a_case_has_the_comparator_printed_once(read):
    record = read("[ALT](MEASUREMENT) ≤ 2 x ULN (4 x ULN if [metastases](CONDITION))")
    values = record.mentions[0].values
    assert [(v.low, str(v.high)) for v in values] == [(None, "4"), (None, "2")]


def test_how_many_are_taken_is_of_what_is_taken(read):
    record = read("[Treatment](PROCEDURE) with two or more [diuretics](DRUG)")
    assert [m.count and str(m.count.low) for m in record.mentions] == [None, "2"]
    assert outline(record) == "diuretics"


def test_a_word_before_its_test_is_not_of_the_one_before(read):
    record = read("[ALT](MEASUREMENT) ≤ 2 x ULN, negative [pregnancy test](PROCEDURE)")
    assert [len(m.values) for m in record.mentions] == [1, 1]


@pytest.mark.parametrize(
    ("marked", "windows"),
    [
        ("current or prior [cancer](CONDITION) within 5 years", 1),
        ("recent or within 3 months use of [aspirin](DRUG)", 2),
        ("prior [cancer](CONDITION) within 5 years", 2),
    ],
)
def test_words_that_mean_ever_beside_a_number(read, marked, windows):
    assert len(read(marked).mentions[0].windows) == windows


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("No [menses](CONDITION) for at least 12 months", ("recency", None, "12")),
        ("No [statins](DRUG) for longer than 2 weeks", ("duration", "2", None)),
        ("[Statins](DRUG) for at least 12 weeks", ("duration", "12", None)),
        ("Must be off [statins](DRUG) for at least 2 weeks", ("recency", None, "2")),
        ("Has been off [statins](DRUG) for > 2 weeks", ("recency", None, "2")),
    ],
)
def test_how_far_an_absence_reaches(read, marked, expected):
    (window,) = read(marked).mentions[0].windows
    low, high = (bound and str(bound) for bound in (window.low, window.high))
    assert (window.role, low, high) == expected


def test_recovery_has_no_time(read):
    record = read("At least 4 weeks since [surgery](PROCEDURE) and [recovered](OBSERVATION)")
    assert [len(m.windows) for m in record.mentions] == [1, 0]


def test_what_a_condition_is_controlled_by_is_not_itself_controlled(read):
    record = read("[Asthma](CONDITION) not controlled by [steroids](DRUG)")
    kinds = [[q.value for q in m.qualifiers] for m in record.mentions]
    assert kinds == [["not controlled"], []]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("If HIV-infected:", "If"),
        ("In patients with asthma, the following criteria:", "In patients with"),
        ("Women of childbearing potential must:", "must"),
        ("Patients must:", None),
        ("Diabetes, if treated, and asthma:", None),
        ("Patients with asthma:", None),
    ],
)
def test_the_case_a_lead_in_sets(text, words):
    span = case_of_items(text, 0, len(text))
    assert (span and text[slice(*span)]) == words


def _criterion(id_, start, text, parent=None, section="inclusion"):
    return Criterion(id_, section, None, start, start + len(text), text, parent)


@pytest.mark.parametrize(
    ("lead_in", "section", "expected"),
    [
        ("All of the following:", "inclusion", {"op": "all"}),
        ("Any of the following:", "inclusion", {"op": "any"}),
        ("At least 2 of the following:", "inclusion", {"op": "at_least", "n": 2}),
        ("Patients with:", "inclusion", {"op": "all"}),
        ("Patients with:", "exclusion", {"op": "any"}),
        ("None of the following:", "inclusion", {"op": "not"}),
        ("At least 2 weeks since any of the following:", "inclusion", {"op": "all"}),
    ],
)
def test_a_lead_in_governs_its_items(lead_in, section, expected):
    text = f"{lead_in}\n- aaa\n- bbb\n- ccc"
    top = _criterion("I1", 0, lead_in, section=section)
    items = [
        _criterion(f"I1.{n}", text.index(word), word, "I1", section)
        for n, word in enumerate(("aaa", "bbb", "ccc"), start=1)
    ]
    record = compile_record(Record("r", text, criteria=(top, *items)))
    rule = rule_to_dict(record.criteria[0].rule or pytest.fail("no rule"))
    args = rule.pop("args")
    leaves = [{"op": "criterion", "id": f"I1.{n}"} for n in (1, 2, 3)]
    assert rule == expected
    assert args == (leaves if expected["op"] != "not" else [{"op": "any", "args": leaves}])
    assert record.criteria[0].status == "partial"


def test_items_that_end_in_or_are_alternatives():
    text = "All of the following:\n- aaa or\n- bbb\n- ccc"
    parts = [("aaa or", 1), ("bbb", 2), ("ccc", 3)]
    items = [_criterion(f"I1.{n}", text.index(word), word, "I1") for word, n in parts]
    top = _criterion("I1", 0, "All of the following:")
    record = compile_record(Record("r", text, criteria=(top, *items)))
    assert rule_to_dict(record.criteria[0].rule or pytest.fail("no rule")) == {
        "op": "all",
        "args": [
            {
                "op": "any",
                "args": [{"op": "criterion", "id": "I1.1"}, {"op": "criterion", "id": "I1.2"}],
            },
            {"op": "criterion", "id": "I1.3"},
        ],
    }


DOUBTED = [
    ("No [neuropathy](CONDITION) unless due to [cancer](CONDITION)", "inclusion", ["cause"]),
    ("[ALT](MEASUREMENT) < 2 x ULN unless due to [Gilbert's disease](CONDITION)", "inclusion", []),
    (
        "[Surgery](PROCEDURE) except for treatment of [gout](CONDITION)",
        "exclusion",
        ["what is excepted is not said"],
    ),
    (
        "[Diabetes](CONDITION) treated with [diet](OBSERVATION) or [surgery](PROCEDURE)",
        "inclusion",
        ["what it is joined to may be left out"],
    ),
    ("[Diabetes](CONDITION) with [insulin](DRUG) or [gout](CONDITION)", "inclusion", []),
    (
        "[Cancer](CONDITION) with a [NTRK1](MEASUREMENT), or [gene fusion](OBSERVATION)",
        "inclusion",
        ["what it is joined to may be left out"],
    ),
    (
        "[Tumors](CONDITION) with existing or impending [paralysis](CONDITION)",
        "exclusion",
        ["either is enough", "not understood"],
    ),
    (
        "[Gout](CONDITION) in a relative (such as a [child](PERSON))",
        "exclusion",
        ["what the examples are of"],
    ),
    (
        "[Thrombosis](CONDITION), including patients with [gout](CONDITION)",
        "exclusion",
        ["what is included may be no case of it"],
    ),
    (
        "[Infection](CONDITION) other than [HIV](CONDITION) that requires [pills](DRUG)",
        "exclusion",
        ["how the two belong together", "what it is said of is not said"],
    ),
    ("If [female](PERSON), must be [postmenopausal](OBSERVATION)", "inclusion", []),
    (
        "[Age](OBSERVATION) not using [contraception](DRUG), [pregnant](CONDITION) [women](PERSON)",
        "exclusion",
        ["whether it is denied too is not said"],
    ),
    (
        "No [gout](CONDITION) (normal [urate](MEASUREMENT))",
        "inclusion",
        ["words in parentheses: example or definition"],
    ),
    ("[Childbearing potential](OBSERVATION) not using [contraception](DRUG)", "exclusion", []),
    ("[Pregnancy](CONDITION) (positive [hCG](MEASUREMENT))", "exclusion", []),
    (
        "No [asthma](CONDITION), or mild [asthma](CONDITION)",
        "inclusion",
        ["whether it is denied too is not said"],
    ),
    (
        "Not on [warfarin](DRUG), or [INR](MEASUREMENT) < 1.5",
        "inclusion",
        ["whether it is denied too is not said"],
    ),
    ("No [stroke](CONDITION), or [TIA](CONDITION)", "inclusion", []),
    (
        "[Adenocarcinoma](CONDITION) or [mucinous adenocarcinoma of the colon](CONDITION)",
        "inclusion",
        ["what follows may belong to the last only"],
    ),
    ("[Gout](CONDITION) or [mucinous adenocarcinoma of the colon](CONDITION)", "inclusion", []),
    ("[Carcinoma of the lip](CONDITION) or [carcinoma of the skin](CONDITION)", "inclusion", []),
    ("[Lesion](CONDITION) by [CT](PROCEDURE) or other [techniques](PROCEDURE)", "inclusion", []),
    (
        "[Anemia](CONDITION) ([hemoglobin](MEASUREMENT) < 12 g/dL) [leukopenia](CONDITION)",
        "exclusion",
        ["how the two belong together"],
    ),
    ("[Carcinoma](CONDITION) shown by [surgical staging](OBSERVATION)", "inclusion", []),
    (
        "[Carcinoma](CONDITION) diagnosed by [gene panels](PROCEDURE)",
        "inclusion",
        ["how the two belong together"],
    ),
    ("[Infection](CONDITION) shown by positive [urine culture](MEASUREMENT)", "exclusion", []),
    ("[Liver failure](CONDITION), as evidenced by [bleeding](OBSERVATION)", "exclusion", []),
    (
        "[Liver failure](CONDITION) caused by [bleeding](OBSERVATION) or [sepsis](CONDITION)",
        "exclusion",
        ["how the two belong together"],
    ),
    (
        "[Liver failure](CONDITION) shown by [paracetamol](DRUG)",
        "exclusion",
        ["how the two belong together"],
    ),
    (
        "[Lesion](OBSERVATION) on [MRI](PROCEDURE), [CT](PROCEDURE) or intravenous"
        " [urography](PROCEDURE)",
        "inclusion",
        [],
    ),
    ("[Eczema](CONDITION) being treated with [dupilumab](DRUG)", "inclusion", []),
    (
        "Severe [gout](CONDITION) with [urate](MEASUREMENT) > 8 mg/dL or requiring"
        " [dialysis](PROCEDURE)",
        "exclusion",
        ["what it is joined to may be left out"],
    ),
    ("Severe [gout](CONDITION) or requiring [dialysis](PROCEDURE)", "exclusion", []),
    (
        "[Allergy](CONDITION),including [latex](DRUG)",
        "exclusion",
        ["what is before it may be to it too"],
    ),
    (
        "[Transaminases](MEASUREMENT) ([AST](MEASUREMENT) and [ALT](MEASUREMENT)) < 3 x ULN",
        "inclusion",
        [],
    ),
    ("[Transaminases](MEASUREMENT) < 3 x ULN (e.g. [AST](MEASUREMENT) < 2 x ULN)", "inclusion", []),
    ("[Hospitalization](VISIT) for [heart failure](CONDITION)", "exclusion", []),
    ("[Heart disease](CONDITION) ([angina](CONDITION), [stroke](CONDITION))", "exclusion", []),
    ("No [heart disease](CONDITION) ([angina](CONDITION) or [stroke](CONDITION))", "inclusion", []),
    ("[ACE inhibitors](DRUG) ([captopril](DRUG), [ramipril](DRUG))", "exclusion", []),
    (
        "[Heart disease](CONDITION) ([angina](CONDITION), [stroke](CONDITION))",
        "inclusion",
        ["words in parentheses: example or definition", "how the list joins is not said"],
    ),
    (
        "[Gout](CONDITION) ([fever](CONDITION), [pain](CONDITION))",
        "exclusion",
        ["words in parentheses: example or definition"],
    ),
    (
        "[Heart disease](CONDITION) (only [angina](CONDITION), [stroke](CONDITION))",
        "exclusion",
        ["not understood", "words in parentheses: example or definition"],
    ),
    (
        "Severe [renal disease](CONDITION) defined as [creatinine](MEASUREMENT) > 3 mg/dL",
        "exclusion",
        [],
    ),
    (
        "Uncontrolled [hypertension](CONDITION) defined as [SBP](MEASUREMENT) > 160 mmHg or"
        " [DBP](MEASUREMENT) > 100 mmHg",
        "exclusion",
        [],
    ),
    (
        "[Renal disease](CONDITION) defined as [creatinine](MEASUREMENT) > 3 mg/dL,"
        " [bilirubin](MEASUREMENT) > 2 mg/dL, or [ALT](MEASUREMENT) > 3 x ULN",
        "exclusion",
        ["how far the definition goes"],
    ),
]


@pytest.mark.parametrize(("marked", "section", "reasons"), DOUBTED)
def test_what_is_doubted(read, marked, section, reasons):
    assert [u.reason for u in read(marked, section).criteria[0].uncovered] == reasons


def test_broken_markup_is_an_error():
    with pytest.raises(MarkupError, match="unparsed markup"):
        parse_marked("No [cancer](CONDITION")
    with pytest.raises(MarkupError, match="unknown label"):
        parse_marked("No [cancer](CONDITON)")


@pytest.mark.parametrize(
    "marked",
    [
        "[ALT](MEASUREMENT) ≤ 3 x ULN, or ≤ 5 x ULN if [BP](MEASUREMENT) > 140/90 mmHg",
        "[BP](MEASUREMENT) > 160/100 mmHg or > 150/90 mmHg in [diabetics](CONDITION)",
        "[Blood pressure](MEASUREMENT) ([BP](MEASUREMENT)) < 140/90 mmHg (men), < 135/85 (women)",
    ],
)
def test_blood_pressure_pairs_beside_cases(read, marked):
    record = read(marked, "inclusion")
    pairs = [m for m in record.mentions if m.component]
    assert [m.component for m in pairs] == ["systolic", "diastolic"]
    assert all(v.low != v.high for m in pairs for v in m.values)


def test_exceptions_without_end_are_read_to_a_depth(read):
    record = read("no [cancer](CONDITION) except [moles](CONDITION), " * 40, "exclusion")
    (criterion,) = record.criteria
    assert criterion.status == "partial"
    assert any(u.reason == "nested too deeply" for u in criterion.uncovered)
