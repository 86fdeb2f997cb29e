//! How many people one core maps: the mappings of a non-gallery application, and a set of as many rows
//! that are all computed.
//!
//! Every person is another one: names in several scripts, attributes that are missing, disabled
//! accounts. A turn maps one person from the attributes to the target values, for creation; nothing is
//! kept from one turn to the next. Values are counted, so that nothing can be left out.

use std::hint::black_box;
use std::time::Duration;

use scimlab::clock::Stopwatch;
use scimlab::mapping::entra::{
    AttributeMapping, Context, Expression, MappingSource, ObjectMapping, Purpose, Source,
    TargetPath, non_gallery,
};

use super::Random;

/// People between two looks at the watch.
const TURN: usize = 1_000;
/// 2026-01-31T09:30:00Z.
const NOW: i64 = 1_769_851_800_000;

/// Target and expression of the rows that are all computed; with the matching row there are 22.
const COMPUTED: &[(&str, &str)] = &[
    ("active", "Not([IsSoftDeleted])"),
    (
        "displayName",
        r#"Join(" ", [givenName], ToUpper([surname]))"#,
    ),
    ("nickName", "ToLower(NormalizeDiacritics([givenName]))"),
    (
        "name.formatted",
        r#"PCase(Join(" ", [surname], [givenName]))"#,
    ),
    (
        "name.givenName",
        r#"Coalesce([givenName], [displayName], "unknown")"#,
    ),
    (
        "name.familyName",
        r#"Replace([surname], , "[^\\p{L} '-]", , "", , )"#,
    ),
    (
        "title",
        r#"Switch([department], [jobTitle], "Sales", "Seller", "Legal", "Counsel")"#,
    ),
    ("externalId", r#"Append("E", Mid([employeeId], 2, 5))"#),
    (r#"emails[type eq "work"].value"#, "ToLower([mail])"),
    (
        r#"emails[type eq "other"].value"#,
        r#"Append(Word([mail], 1, "@"), "@example.org")"#,
    ),
    (
        r#"phoneNumbers[type eq "work"].value"#,
        r#"Replace([telephoneNumber], , "[()\\s-]+", , "", , )"#,
    ),
    (
        r#"phoneNumbers[type eq "mobile"].value"#,
        r#"Replace([mobile], , "\\+(?<code>\\d+) (?<rest>.*)", , "${rest}", , )"#,
    ),
    (
        r#"addresses[type eq "work"].country"#,
        r#"IIF([country]="USA","US",[country])"#,
    ),
    (
        r#"addresses[type eq "work"].locality"#,
        r#"Left(PCase([city]," -"), 40)"#,
    ),
    (
        r#"addresses[type eq "work"].postalCode"#,
        "StripSpaces([postalCode])",
    ),
    (
        "preferredLanguage",
        r#"Item(Split([preferredLanguage], "-"), 1)"#,
    ),
    (
        "timezone",
        r#"Switch([country], "UTC", "USA", "America/New_York", "Germany", "Europe/Berlin")"#,
    ),
    (
        "userType",
        r#"IIF(DateDiff("yyyy", CDate([employeeHireDate]), Now()) > 5, "Senior", "Junior")"#,
    ),
    (
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        "IgnoreFlowIfNullOrEmpty([department])",
    ),
    (
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter",
        r#"FormatDateTime([employeeHireDate], , "yyyy-MM-dd", "yyyyMM")"#,
    ),
    (
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
        "ConvertToUTF8Hex([employeeId])",
    ),
];

/// Measures both sets, each for this long, and prints people per second.
pub(super) fn measure(people: u64, time: Duration) -> Result<(), String> {
    let people: Vec<Source> = (0..people).map(person).collect();
    let standard = non_gallery().users;
    let computed = computed(&standard)?;
    for (name, mapping) in [("non-gallery", &standard), ("computed", &computed)] {
        let (per_second, values) = rate(mapping, &people, time);
        println!(
            "{name:12} {:2} rows  {per_second:>9.0} people per second on one core  {values:.1} values each",
            mapping.attributes.len(),
        );
    }
    Ok(())
}

/// The matching row of the standard set and the computed ones.
fn computed(standard: &ObjectMapping) -> Result<ObjectMapping, String> {
    let mut fields = standard.clone().into_fields();
    fields.attributes.truncate(1);
    for (target, expression) in COMPUTED {
        let expression = Expression::parse(expression).map_err(|e| format!("{expression}: {e}"))?;
        let target = TargetPath::parse(target).map_err(|e| format!("{target}: {e}"))?;
        let source = MappingSource::Expression(expression);
        fields
            .attributes
            .push(AttributeMapping::new(source, target));
    }
    ObjectMapping::new(fields).map_err(|e| e.to_string())
}

fn rate(mapping: &ObjectMapping, people: &[Source], time: Duration) -> (f64, f64) {
    let context = Context::new(NOW, [7; 16], "contoso.com");
    let (mut mapped, mut values) = (0_u32, 0_usize);
    let mut all = people.iter().cycle();
    let watch = Stopwatch::start();
    while watch.elapsed() < time {
        for person in all.by_ref().take(TURN) {
            let result = black_box(mapping.map(black_box(person), &context, Purpose::Create));
            values += result.attributes.len();
            mapped += 1;
        }
    }
    let seconds = watch.elapsed().as_secs_f64();
    let values = f64::from(u32::try_from(values / 1_000).unwrap_or(u32::MAX)) * 1_000.0;
    (f64::from(mapped) / seconds, values / f64::from(mapped))
}

/// One of as many different people as wanted.
fn person(number: u64) -> Source {
    let mut random = Random(number);
    let mut one_of = |words: &[&'static str]| {
        let bound = u64::try_from(words.len()).unwrap_or(1);
        let index = usize::try_from(random.below(bound)).unwrap_or(0);
        words.get(index).copied().unwrap_or_default()
    };
    let given = one_of(&[
        "Kim",
        "Zo\u{eb}",
        "\u{c5}se",
        "Jos\u{e9}",
        "\u{41e}\u{43b}\u{44c}\u{433}\u{430}",
        "\u{bbc}\u{bc0}",
        "Anna Maria",
        "Li",
    ]);
    let surname = one_of(&[
        "Akers",
        "M\u{fc}ller-Lindt",
        "O'Neil",
        "\u{141}ukasz",
        "\u{130}nan",
        "van der Berg",
        "\u{738b}",
    ]);
    let (city, country) = (
        one_of(&["oslo", "new york", "S\u{e3}o Paulo", "K\u{f6}ln"]),
        one_of(&["USA", "Germany", "Norway", "Brazil"]),
    );
    let department = one_of(&["Sales", "Legal", "Engineering", ""]);
    let title = one_of(&["Engineer", "Counsel", "Account Executive"]);
    let language = one_of(&["en-US", "de-DE", "nb-NO", "pt-BR"]);
    let year = one_of(&["2012", "2019", "2021", "2025"]);
    let deleted = random.below(100) == 0;
    let mut source: Source = [
        ("objectId", format!("00000000-0000-4000-8000-{number:012x}")),
        ("userPrincipalName", format!("person{number}@contoso.com")),
        ("mail", format!("Person{number}@Contoso.com")),
        ("mailNickname", format!("person{number}")),
        ("displayName", format!("{given} {surname}")),
        ("givenName", given.to_owned()),
        ("surname", surname.to_owned()),
        ("jobTitle", title.to_owned()),
        ("preferredLanguage", language.to_owned()),
        (
            "physicalDeliveryOfficeName",
            format!("Building {}", number % 40),
        ),
        ("streetAddress", format!("{} Main Street", number % 900)),
        ("city", city.to_owned()),
        ("country", country.to_owned()),
        (
            "postalCode",
            format!("{:03} {:02}", number % 1_000, number % 100),
        ),
        (
            "telephoneNumber",
            format!("+47 ({}) {:07}", number % 90, number),
        ),
        ("employeeId", format!("{number:07}")),
        (
            "employeeHireDate",
            format!("{year}-{:02}-{:02}", number % 12 + 1, number % 28 + 1),
        ),
    ]
    .into_iter()
    .collect();
    source.set("accountEnabled", !deleted);
    source.set("IsSoftDeleted", deleted);
    source.set("companyName", "Contoso");
    // A good part of a directory is not filled in.
    if !number.is_multiple_of(3) {
        source.set("state", format!("State {}", number % 50));
        source.set("mobile", format!("+49 {:010}", number * 7_919));
    }
    if !department.is_empty() {
        source.set("department", department);
    }
    for extension in 1..=number % 6 {
        source.set(
            format!("extensionAttribute{extension}"),
            format!("value {number}"),
        );
    }
    source
}
