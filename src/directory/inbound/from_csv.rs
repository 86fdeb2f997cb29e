//! A table of people becomes bulk requests, as Microsoft's script CSV2SCIM does it: columns are attributes of SCIM, those
//! that are none go into the extension [`EXTENSION`], and every request has at most fifty people.
//!
//! Pure. An empty cell says nothing of its attribute, which is therefore not cleared.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::OPERATIONS;
use crate::id::{Guid, Nonce};
use crate::scim::urn::{BULK_REQUEST, ENTERPRISE_USER, USER};

/// Where columns go that are no attribute of SCIM.
pub const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:csv:1.0:User";
/// Most people of a table: forty requests, which is what the service takes in five seconds.
pub const ROWS: usize = 40 * OPERATIONS;
/// Most columns of a table.
pub const COLUMNS: usize = 100;
/// Most mistakes that are told.
const TOLD: usize = 20;

/// Where in a user a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A core attribute, or a part of one.
    Core(&'static [&'static str]),
    /// A true or a false.
    Active,
    /// A part of the value of a list that has this type.
    Typed(&'static str, &'static str, &'static str),
    /// Of the enterprise extension.
    Enterprise(&'static [&'static str]),
}

/// An attribute of SCIM that a column may be.
#[derive(Debug)]
pub struct Attribute {
    /// As attribute lists name it.
    pub name: &'static str,
    place: Place,
    /// Headings, in lower case and without anything but letters and digits, that mean it.
    headings: &'static [&'static str],
}

macro_rules! attributes {
    ($($name:literal = $place:expr, [$($heading:literal),*];)*) => {
        /// Every attribute that a column may be.
        pub const ATTRIBUTES: &[Attribute] = &[$(Attribute {
            name: $name,
            place: $place,
            headings: &[$($heading),*],
        },)*];
    };
}

attributes! {
    "externalId" = Place::Core(&["externalId"]), [
        "workerid", "employeeid", "personid", "staffid", "personnelid", "empid", "workernumber", "personnelnumber",
        "staffnumber", "employeeno", "personnelno", "staffno", "empno", "employeecode", "id"
    ];
    "userName" = Place::Core(&["userName"]), [
        "userprincipalname", "upn", "userid", "login", "loginname", "samaccountname", "user"
    ];
    "displayName" = Place::Core(&["displayName"]), ["fullname", "name", "employeename", "workername"];
    "name.givenName" = Place::Core(&["name", "givenName"]), ["firstname", "forename", "first"];
    "name.familyName" = Place::Core(&["name", "familyName"]), ["lastname", "surname", "last"];
    "name.middleName" = Place::Core(&["name", "middleName"]), ["middle"];
    "name.honorificPrefix" = Place::Core(&["name", "honorificPrefix"]), [];
    "name.honorificSuffix" = Place::Core(&["name", "honorificSuffix"]), [];
    "nickName" = Place::Core(&["nickName"]), [];
    "title" = Place::Core(&["title"]), ["jobtitle", "businesstitle", "positiontitle", "position"];
    "userType" = Place::Core(&["userType"]), ["workertype", "employeetype", "employmenttype"];
    "preferredLanguage" = Place::Core(&["preferredLanguage"]), ["language"];
    "locale" = Place::Core(&["locale"]), [];
    "timezone" = Place::Core(&["timezone"]), [];
    "active" = Place::Active, [
        "accountenabled", "isactive", "enabled", "workerstatus", "employeestatus", "employmentstatus", "status"
    ];
    r#"emails[type eq "work"].value"# = Place::Typed("emails", "work", "value"), [
        "workemail", "workemailaddress", "emailwork", "businessemail", "email", "emailaddress", "mail"
    ];
    r#"phoneNumbers[type eq "work"].value"# = Place::Typed("phoneNumbers", "work", "value"), [
        "officephone", "workphone", "businessphone", "telephonenumber", "phonenumber", "phone", "telephone"
    ];
    r#"phoneNumbers[type eq "mobile"].value"# = Place::Typed("phoneNumbers", "mobile", "value"), [
        "mobile", "mobilephone", "mobilenumber", "cellphone", "cell"
    ];
    r#"addresses[type eq "work"].streetAddress"# = Place::Typed("addresses", "work", "streetAddress"), ["street", "address"];
    r#"addresses[type eq "work"].locality"# = Place::Typed("addresses", "work", "locality"), ["city", "town"];
    r#"addresses[type eq "work"].region"# = Place::Typed("addresses", "work", "region"), ["state", "stateprovince", "province"];
    r#"addresses[type eq "work"].postalCode"# = Place::Typed("addresses", "work", "postalCode"), ["zipcode", "zip", "postcode"];
    r#"addresses[type eq "work"].country"# = Place::Typed("addresses", "work", "country"), [
        "countrycode", "countryregion", "countryorregion"
    ];
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber" = Place::Enterprise(&["employeeNumber"]), [];
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter" = Place::Enterprise(&["costCenter"]), ["costcentre"];
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization" = Place::Enterprise(&["organization"]), [
        "company", "companyname", "organisation"
    ];
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division" = Place::Enterprise(&["division"]), [];
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department" = Place::Enterprise(&["department"]), [
        "departmentname", "dept"
    ];
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager" = Place::Enterprise(&["manager", "value"]), [
        "managerid", "managerworkerid", "manageremployeeid", "managerexternalid", "supervisorid", "reportsto"
    ];
}

impl Attribute {
    /// How well a heading says that a column is this attribute, 0 best.
    fn rank(&self, heading: &str) -> Option<usize> {
        if self.name.eq_ignore_ascii_case(heading) {
            return Some(0);
        }
        let (heading, part) = (plain(heading), last(self.name));
        // Of a list, that alone says nothing.
        if part != "value" && plain(part) == heading {
            return Some(1);
        }
        let known = self.headings.iter().position(|known| *known == heading);
        Some(known? + 2)
    }
}

/// What becomes of a column.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    /// It is left out.
    LeftOut,
    /// It is an attribute.
    Attribute(&'static Attribute),
    /// It is an attribute of [`EXTENSION`], named after its heading.
    Extension,
}

impl Column {
    /// Name of a column that is left out, in forms.
    pub const LEFT_OUT: &str = "";
    /// Name of a column of the extension, in forms.
    pub const EXTENDS: &str = "extension";

    /// By its name in a form: that of an attribute, or one of the two above.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            Self::LEFT_OUT => Some(Self::LeftOut),
            Self::EXTENDS => Some(Self::Extension),
            name => ATTRIBUTES
                .iter()
                .find(|attribute| attribute.name == name)
                .map(Self::Attribute),
        }
    }

    /// Its name in a form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LeftOut => Self::LEFT_OUT,
            Self::Attribute(attribute) => attribute.name,
            Self::Extension => Self::EXTENDS,
        }
    }
}

/// A mistake in a table, with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// Of the text as a whole.
    #[error("{0}")]
    Whole(String),
    /// Of a line.
    #[error("Line {line}: {what}")]
    Line {
        /// Counted from 1, the line of headings.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// Of a column.
    #[error("Column {heading}: {what}")]
    Column {
        /// Its heading.
        heading: String,
        /// What is wrong.
        what: String,
    },
}

fn whole(what: impl Into<String>) -> Mistake {
    Mistake::Whole(what.into())
}

/// A table of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What the columns are called.
    pub headings: Vec<String>,
    /// The people, each with its line.
    rows: Vec<(u64, Vec<String>)>,
}

impl Table {
    /// Reads CSV with a line of headings. Cells are separated by what the headings are: commas, semicolons or tabs.
    ///
    /// # Errors
    /// The first mistake.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() {
            return Err(whole("There is nothing in it."));
        }
        let first = text.trim_start().lines().next().unwrap_or_default();
        let count = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .rev()
            .max_by_key(|sign| count(*sign));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter.unwrap_or(b','))
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(text.as_bytes());
        let unreadable = |error: csv::Error| whole(format!("It cannot be read: {error}."));
        let headings: Vec<String> = reader
            .headers()
            .map_err(unreadable)?
            .iter()
            .map(str::to_owned)
            .collect();
        check_headings(&headings)?;
        let (mut rows, mut lines) = (Vec::new(), Lines::of(text.as_bytes()));
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, |at| lines.at(at.byte()));
            if record.iter().all(str::is_empty) {
                continue;
            }
            if record.len() != headings.len() {
                return Err(Mistake::Line {
                    line,
                    what: format!("it has {} cells and not {}", record.len(), headings.len()),
                });
            }
            if rows.len() == ROWS {
                return Err(whole(format!("It has more than {ROWS} people; split it.")));
            }
            rows.push((line, record.iter().map(str::to_owned).collect()));
        }
        if rows.is_empty() {
            return Err(whole("There is nobody below the line of headings."));
        }
        Ok(Self { headings, rows })
    }

    /// How many people are in it.
    pub const fn people(&self) -> usize {
        self.rows.len()
    }

    /// The first value of a column, as an example.
    pub fn example(&self, column: usize) -> &str {
        let mut cells = self.rows.iter().filter_map(|(_, row)| row.get(column));
        cells
            .find(|cell| !cell.is_empty())
            .map_or("", String::as_str)
    }

    /// What the columns are by their headings: each attribute once, the column that says it best; whatever else is an
    /// extension. Without a column that is `externalId`, the employee's number is: people must be known by something.
    pub fn suggested(&self) -> Vec<Column> {
        let mut fits: Vec<(usize, usize, &'static Attribute)> = Vec::new();
        for (column, heading) in self.headings.iter().enumerate() {
            let of = |attribute: &'static Attribute| {
                Some((Attribute::rank(attribute, heading)?, column, attribute))
            };
            fits.extend(ATTRIBUTES.iter().filter_map(of));
        }
        fits.sort_by_key(|(rank, ..)| *rank);
        let mut suggested: Vec<Option<&'static Attribute>> = vec![None; self.headings.len()];
        for (_, column, attribute) in fits {
            let taken = suggested
                .iter()
                .flatten()
                .any(|known| known.name == attribute.name);
            if suggested[column].is_none() && !taken {
                suggested[column] = Some(attribute);
            }
        }
        let is =
            |column: Option<&Attribute>, name: &str| column.is_some_and(|c| last(c.name) == name);
        if !suggested.iter().any(|column| is(*column, "externalId"))
            && let Some(number) = suggested
                .iter_mut()
                .find(|column| is(**column, "employeeNumber"))
        {
            *number = ATTRIBUTES.first();
        }
        let columns = suggested.into_iter();
        columns
            .map(|found| found.map_or(Column::Extension, Column::Attribute))
            .collect()
    }

    /// The bulk requests, of at most [`OPERATIONS`] people each.
    ///
    /// # Errors
    /// Every mistake, up to a number of them.
    pub fn requests(&self, columns: &[Column], nonce: Nonce) -> Result<Vec<Value>, Vec<Mistake>> {
        check_columns(&self.headings, columns)?;
        let mut mistakes = Vec::new();
        let mut operations = Vec::new();
        for ((line, row), number) in self.rows.iter().zip(0_u64..) {
            match user(&self.headings, columns, row) {
                Ok(data) => operations.push(json!({
                    "method": "POST",
                    "bulkId": Guid::from_nonce(nonce.nth(number)).to_string(),
                    "path": "/Users",
                    "data": data,
                })),
                Err(what) => mistakes.push(Mistake::Line { line: *line, what }),
            }
            if mistakes.len() == TOLD {
                break;
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let requests = operations.chunks(OPERATIONS).map(
            |chunk| json!({ "schemas": [BULK_REQUEST], "Operations": chunk, "failOnErrors": null }),
        );
        Ok(requests.collect())
    }
}

/// The line, counted from 1, in which a byte of a text stands.
pub fn line_of(text: &[u8], byte: usize) -> u64 {
    Lines::of(text).at(byte as u64)
}

/// Counts the lines of a text, forwards. The reader of CSV counts neither blank lines nor `\r\n` in time.
struct Lines<'t> {
    text: &'t [u8],
    passed: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    const fn of(text: &'t [u8]) -> Self {
        Self {
            text,
            passed: 0,
            line: 1,
        }
    }

    /// The line of the first byte from here on that ends none.
    fn at(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(sign) = self.text.get(self.passed) {
            if self.passed >= byte && !matches!(sign, b'\r' | b'\n') {
                break;
            }
            self.passed += 1;
            let ends = match sign {
                b'\n' => true,
                b'\r' => self.text.get(self.passed) != Some(&b'\n'),
                _ => false,
            };
            self.line += u64::from(ends);
        }
        self.line
    }
}

/// The last part of the name of an attribute.
fn last(name: &str) -> &str {
    name.rsplit([':', '.']).next().unwrap_or(name)
}

/// A heading without what people write in different ways.
fn plain(heading: &str) -> String {
    let kept = heading.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// A heading as the name of an attribute: letters, digits, `-` and `_`, a letter first (RFC 7643 section 2.1).
fn attribute_name(heading: &str) -> Option<String> {
    let kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name: String = heading.chars().filter(kept).collect();
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        .then_some(name)
}

fn check_headings(headings: &[String]) -> Result<(), Mistake> {
    if headings.len() > COLUMNS {
        return Err(whole(format!("It has more than {COLUMNS} columns.")));
    }
    for (place, heading) in headings.iter().enumerate() {
        if heading.is_empty() {
            return Err(whole(format!("Column {} has no heading.", place + 1)));
        }
        if headings[..place]
            .iter()
            .any(|other| other.eq_ignore_ascii_case(heading))
        {
            return Err(whole(format!("Two columns are called {heading}.")));
        }
    }
    Ok(())
}

fn check_columns(headings: &[String], columns: &[Column]) -> Result<(), Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for (heading, column) in headings.iter().zip(columns) {
        let mut wrong = |what: String| {
            mistakes.push(Mistake::Column {
                heading: heading.clone(),
                what,
            });
        };
        let name = match column {
            Column::LeftOut => continue,
            Column::Attribute(attribute) => attribute.name.to_owned(),
            Column::Extension => match attribute_name(heading) {
                Some(name) => format!("{EXTENSION}:{}", name.to_ascii_lowercase()),
                None => {
                    wrong("it has no letter that an attribute could be named after".into());
                    continue;
                }
            },
        };
        if let Some(other) = taken.insert(name.clone(), heading) {
            wrong(format!("{other} is {name} already"));
        }
    }
    if !taken.contains_key("externalId") {
        mistakes.push(whole(
            "No column is externalId, by which people are known: choose the one with the number of the employee.",
        ));
    }
    if mistakes.is_empty() {
        Ok(())
    } else {
        Err(mistakes)
    }
}

/// A user of a row.
fn user(headings: &[String], columns: &[Column], row: &[String]) -> Result<Value, String> {
    let mut core = Map::new();
    let (mut enterprise, mut extension) = (Map::new(), Map::new());
    for ((heading, column), cell) in headings.iter().zip(columns).zip(row) {
        if cell.is_empty() {
            if column.name() == "externalId" {
                return Err("it has no externalId".into());
            }
            continue;
        }
        match column {
            Column::LeftOut => {}
            Column::Extension => {
                if let Some(name) = attribute_name(heading) {
                    extension.insert(name, json!(cell));
                }
            }
            Column::Attribute(attribute) => match attribute.place {
                Place::Active => {
                    let active = truth(cell).ok_or_else(|| {
                        format!("{heading} is neither true nor false, active nor inactive: {cell}")
                    })?;
                    core.insert("active".into(), json!(active));
                }
                Place::Core(path) => put(&mut core, path, cell),
                Place::Enterprise(path) => put(&mut enterprise, path, cell),
                Place::Typed(list, kind, part) => put_typed(&mut core, list, kind, part, cell),
            },
        }
    }
    let mut schemas = vec![USER, ENTERPRISE_USER];
    if !extension.is_empty() {
        schemas.push(EXTENSION);
        core.insert(EXTENSION.into(), Value::Object(extension));
    }
    if !enterprise.is_empty() {
        core.insert(ENTERPRISE_USER.into(), Value::Object(enterprise));
    }
    core.insert("schemas".into(), json!(schemas));
    Ok(Value::Object(core))
}

fn put(members: &mut Map<String, Value>, path: &[&str], cell: &str) {
    match path {
        [] => {}
        [name] => drop(members.insert((*name).to_owned(), json!(cell))),
        [name, rest @ ..] => {
            let inner = members.entry(*name).or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                put(inner, rest, cell);
            }
        }
    }
}

fn put_typed(members: &mut Map<String, Value>, list: &str, kind: &str, part: &str, cell: &str) {
    let all = members.entry(list).or_insert_with(|| json!([]));
    let Value::Array(all) = all else { return };
    let at = all
        .iter()
        .position(|one| one["type"] == kind)
        .unwrap_or_else(|| {
            all.push(json!({ "type": kind }));
            all.len() - 1
        });
    all[at][part] = json!(cell);
}

fn truth(cell: &str) -> Option<bool> {
    match cell.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "active" | "enabled" => Some(true),
        "false" | "no" | "n" | "0" | "inactive" | "disabled" | "terminated" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
