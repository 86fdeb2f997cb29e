//! `/entra/...`: tenants, users with all their attributes, groups of every kind, the recycle bin, applications and their
//! app roles, files.

use crate::browser::{Appliance, Browser, Page};
use crate::entra::application;

const EVIL: &str = "<script>alert(1)</script>";

fn create_user(browser: &Browser, name: &str, principal: &str, more: &[(&str, &str)]) -> String {
    let own = [("displayName", name), ("userPrincipalName", principal)];
    let answer = browser.post("/entra/users/new", &[&own, more].concat());
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location
}

fn create_group(browser: &Browser, fields: &[(&str, &str)]) -> String {
    let answer = browser.post("/entra/new-group", fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location
}

fn id_of(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

/// Opens the page until it no longer says this.
fn until_gone(browser: &Browser, path: &str, text: &str) -> Page {
    for _ in 0..600 {
        let page = browser.open(path);
        if !page.body.contains(text) {
            return page;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
    panic!("{path} says {text} after many looks")
}

#[test]
fn every_attribute_is_in_the_form_and_a_stale_form_is_refused() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let fields = [
        ("employeeId", "42"),
        ("employeeType", "Contractor"),
        ("employeeHireDate", "2026-01-31T00:00:00Z"),
        ("usageLocation", "NO"),
        ("extensionAttribute15", "fifteen"),
        (
            "proxyAddresses",
            "SMTP:grace@contoso.example\r\nsmtp:g@contoso.example",
        ),
        ("accountEnabled", "False"),
    ];
    let user = create_user(&browser, EVIL, "grace@contoso.example", &fields);
    browser
        .open(&user)
        .says("Contractor")
        .says("fifteen")
        .says("SMTP:grace@contoso.example, smtp:g@contoso.example")
        .says("Disabled")
        .says_not("<script>alert");
    let edit = format!("{user}/edit");
    let form = browser.open(&edit);
    form.says("value=\"fifteen\"").says_not("<script>alert");
    let revision = form
        .body
        .split("name=\"revision\" value=\"")
        .nth(1)
        .unwrap();
    let revision = revision.split('"').next().unwrap().to_owned();
    let save = |city: &str| {
        let fields = [
            ("displayName", "Grace"),
            ("userPrincipalName", "grace@contoso.example"),
            ("city", city),
            ("revision", revision.as_str()),
        ];
        browser.post(&edit, &fields)
    };
    assert_eq!(save("Oslo").status, 303);
    let stale = save("Rome");
    assert_eq!(stale.status, 422);
    stale
        .says("was changed by somebody else meanwhile")
        .says("value=\"Rome\"");
    // What the form did not have stays.
    browser
        .open(&user)
        .says("Oslo")
        .says("Contractor")
        .says("Disabled");
    let wrong = browser.post(&edit, &[("usageLocation", "NOR"), ("employeeHireDate", "")]);
    assert_eq!(wrong.status, 422);
    wrong.says("usageLocation has 3 characters; at most 2 are allowed");
}

#[test]
fn a_guest_is_invited_by_the_address_at_home() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let guest = [("userType", "Guest")];
    let user = create_user(&browser, "Ann", "ann@fabrikam.example", &guest);
    let page = browser.open(&user);
    page.says("ann_fabrikam.example#EXT#@")
        .says("Guest")
        .says("ann@fabrikam.example");
    browser.open("/entra/users?state=guest").says("Ann");
}

#[test]
fn tenants_are_kept_apart_and_the_switch_is_remembered() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let first = browser
        .open("/entra/applications")
        .links("/entra/applications/")
        .remove(0);
    browser.open("/entra/users").says_not("change tenant");
    let wrong = browser.post(
        "/entra/tenants/new",
        &[("name", EVIL), ("domain", "no domain")],
    );
    assert_eq!(wrong.status, 422);
    wrong
        .says("Enter a domain such as contoso.example")
        .says_not("<script>alert");
    let fields = [("name", EVIL), ("domain", "fabrikam.example")];
    browser
        .submit("/entra/tenants/new", &fields)
        .says("is created.")
        .says("The directory is empty")
        .says("change tenant")
        .says_not("<script>alert");
    create_user(&browser, "Only here", "only@fabrikam.example", &[]);
    browser
        .open("/entra/applications")
        .says("No enterprise application");
    let list = browser.open("/entra/tenants");
    list.says("shown in this console").says_not("<script>alert");
    let tenants: Vec<String> = list
        .links("/entra/tenants/")
        .into_iter()
        .filter(|link| !link.ends_with("/new") && !link.ends_with("/open"))
        .collect();
    assert_eq!(tenants.len(), 2, "{tenants:?}");

    // An address leads to its own tenant whichever is shown.
    browser.open(&first).says("Getting started");
    browser.open("/entra/users").says("Only here");
    browser
        .submit(&format!("{}/open", tenants[0]), &[])
        .says("You are in")
        .says_not("Only here");
    browser
        .open("/entra/applications")
        .says_not("No enterprise application");
    browser
        .open("/entra/users?q=only+here")
        .says("Nothing matches");

    let fields = [("name", "Renamed"), ("domain", "fabrikam.example")];
    browser
        .submit(&format!("{}/edit", tenants[1]), &fields)
        .says("Renamed is saved.")
        .says(&format!(
            "value=\"{}\"",
            tenants[1].rsplit('/').next().unwrap()
        ));
    let taken = browser.post(
        &format!("{}/edit", tenants[0]),
        &[("name", "A"), ("domain", "fabrikam.example")],
    );
    assert_eq!(taken.status, 422);
    taken.says("is the domain of Renamed already");
    assert_eq!(browser.get("/entra/tenants/none").status, 404);
}

#[test]
fn a_directory_extension_is_defined_offered_and_taken_away() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let tenants = browser.open("/entra/tenants").links("/entra/tenants/");
    let tenant = tenants.iter().find(|link| !link.ends_with("/new")).unwrap();
    let new = format!("{tenant}/extensions/new");
    let wrong = browser.post(&new, &[("name", "no dash-es"), ("data_type", "Integer")]);
    assert_eq!(wrong.status, 422);
    wrong
        .says("letters, digits and underscores")
        .says("value=\"no dash-es\"");
    let page = browser.submit(
        &new,
        &[
            ("name", "badge"),
            ("data_type", "Integer"),
            ("target", "User"),
        ],
    );
    page.says("is defined.").says("Integer");
    let whole = page.body.split("<code>extension_").nth(1).unwrap();
    let whole = format!("extension_{}", whole.split('<').next().unwrap());
    assert!(whole.ends_with("_badge"), "{whole}");

    browser.open("/entra/users/new").says(&whole);
    let refused = browser.post(
        "/entra/users/new",
        &[
            ("displayName", "A"),
            ("userPrincipalName", "a@contoso.example"),
            (whole.as_str(), "seven"),
        ],
    );
    assert_eq!(refused.status, 422);
    refused
        .says("takes a whole number of 32 bits")
        .says("value=\"seven\"");
    let user = create_user(
        &browser,
        "A",
        "a@contoso.example",
        &[(whole.as_str(), "07")],
    );
    browser.open(&user).says(&whole);
    browser.open("/entra/new-group").says_not(&whole);
    let mappings = format!("{}/provisioning/mappings", application(&browser));
    for picker in ["attributes/new", "scope/new"] {
        let option = format!("<option value=\"{whole}\"");
        browser
            .open(&format!("{mappings}/users/{picker}"))
            .says(&option);
        browser
            .open(&format!("{mappings}/groups/{picker}"))
            .says_not(&option);
    }
    let header = browser.open("/entra/export/users.csv");
    assert!(header.body.lines().next().unwrap().contains(&whole));
    browser
        .submit(&format!("{tenant}/extensions/{whole}/remove"), &[])
        .says("is no longer defined.")
        .says("No directory extensions");
}

#[test]
fn a_dynamic_group_is_worked_out_and_not_edited_by_hand() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let sales = [("department", "Moonbase")];
    let ann = create_user(&browser, "Ann Moon", "ann@contoso.example", &sales);
    let bo = create_user(&browser, "Bo Earth", "bo@contoso.example", &[]);
    let dynamic = |rule| {
        [
            ("displayName", EVIL),
            ("membershipType", "Dynamic User"),
            ("membershipRule", rule),
        ]
    };
    let wrong = browser.post(
        "/entra/new-group",
        &dynamic("user.department -is \"Moonbase\""),
    );
    assert_eq!(wrong.status, 422);
    wrong
        .says("At character 17: expected one of -eq, -ne")
        .says("user.department -is")
        .says_not("<script>alert");
    let none = browser.post("/entra/new-group", &dynamic(" "));
    assert_eq!(none.status, 422);
    none.says("A dynamic group needs a rule");

    let group = create_group(&browser, &dynamic("user.department -eq \"moonbase\""));
    let page = until_gone(&browser, &group, "Processing");
    page.says("Dynamic membership rule")
        .says("Ann Moon")
        .says_not("Bo Earth")
        .says_not("Add members")
        .says_not("<script>alert");
    let refused = browser.submit(&format!("{group}/members"), &[("id", id_of(&bo))]);
    refused.says("is a dynamic group: its rule says who is in it");
    browser.open("/entra/groups?q=script").says("Dynamic");

    // A person who changes moves at once.
    browser.submit(&format!("{bo}/edit"), &[("department", "Moonbase")]);
    browser.open(&group).says("Bo Earth");
    browser.submit(&format!("{ann}/edit"), &[("department", "")]);
    browser.open(&group).says_not("Ann Moon");

    let fields = [("displayName", "By hand"), ("membershipType", "Assigned")];
    browser
        .submit(&format!("{group}/edit"), &fields)
        .says("By hand is saved.");
    browser.open(&group).says("Bo Earth").says("Add members");
}

#[test]
fn a_group_is_nested_edited_deleted_restored_and_purged() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let fields = [
        ("displayName", EVIL),
        ("description", "Everybody"),
        ("securityEnabled", "True"),
    ];
    let outer = create_group(&browser, &fields);
    let inner = create_group(&browser, &[("displayName", "Inner circle")]);
    browser
        .open(&format!("{outer}/edit"))
        .says("value=\"Everybody\"")
        .says_not("<script>alert");
    let pick = browser.open(&format!("{outer}/members/add?q=inner"));
    pick.says("Inner circle").says(id_of(&inner));
    browser
        .open(&format!("{outer}/members/add?q=script"))
        .says("The group itself");
    browser
        .submit(&format!("{outer}/members"), &[("id", id_of(&inner))])
        .says("is a member of");
    browser.open(&outer).says("Inner circle");
    browser.open(&inner).says("Group memberships").says(&outer);

    browser
        .submit(&format!("{outer}/delete"), &[])
        .says("is in the recycle bin.")
        .says("It can be restored for 30 more days.")
        .says("Restore group");
    browser
        .open("/entra/groups?q=script")
        .says("Nothing matches");
    browser
        .open("/entra/deleted?state=group")
        .says("in 30 days")
        .says_not("<script>alert")
        .says(&format!("{outer}/delete-permanently"));
    browser
        .open("/entra/deleted?state=user")
        .says_not(&format!("{outer}/delete-permanently"));
    browser
        .submit(&format!("{outer}/restore"), &[])
        .says("is restored.");
    browser.submit(&format!("{outer}/delete"), &[]);
    let purge = format!("{outer}/delete-permanently");
    let page = browser.post(&purge, &[("name", "something else")]);
    assert_eq!(page.status, 422);
    page.says("That is not the name.");
    browser
        .submit(&purge, &[("name", EVIL)])
        .says("is deleted permanently.");
    assert_eq!(browser.get(&outer).status, 404);
    browser.open(&inner).says("In no group.");
}

#[test]
fn an_application_comes_from_the_gallery_has_roles_and_goes() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let gallery = browser.open("/entra/gallery");
    gallery
        .says("Create your own application")
        .says("Postman (May 2025)");
    let choose = "/entra/gallery?template=postman-2025";
    browser.open(choose).says("value=\"Postman\"");
    assert_eq!(browser.get("/entra/gallery?template=none").status, 404);
    let create = |name: &str| {
        browser.post(
            "/entra/gallery",
            &[("name", name), ("template", "postman-2025")],
        )
    };
    let wrong = create(" ");
    assert_eq!(wrong.status, 422);
    wrong.says("The application needs a name");
    let app = create(EVIL).location;
    browser
        .open(&app)
        .says("Getting started")
        .says("Tenant id")
        .says_not("<script>alert");
    browser
        .open(&format!("{app}/provisioning"))
        .says("Admin Credentials");

    let roles = format!("{app}/app-roles");
    browser.open(&roles).says("User").says("Enabled");
    let new = format!("{roles}/new");
    let wrong = browser.post(&new, &[("display_name", "Admin"), ("value", "a b")]);
    assert_eq!(wrong.status, 422);
    wrong
        .says("The value contains no blanks")
        .says("value=\"a b\"");
    let fields = [
        ("display_name", EVIL),
        ("value", "admin"),
        ("enabled", "Yes"),
    ];
    let list = browser.submit(&new, &fields);
    list.says("is saved.")
        .says("<code>admin</code>")
        .says_not("<script>alert");
    let edit = list
        .links(&format!("{roles}/"))
        .into_iter()
        .rfind(|link| link.ends_with("/edit"))
        .unwrap();
    let role = edit.rsplit('/').nth(1).unwrap().to_owned();

    let user = create_user(&browser, "Grace", "grace@contoso.example", &[]);
    let here = format!("{app}/users-and-groups");
    browser
        .open(&format!("{here}/add?q=grace&role={role}"))
        .says("Default Access")
        .says_not("<script>alert");
    browser
        .submit(&format!("{here}/assign?q=grace"), &[("id", id_of(&user))])
        .says("Grace is assigned as User.");
    browser
        .submit(
            &format!("{here}/assign?role={role}"),
            &[("id", id_of(&user))],
        )
        .says("Grace is assigned as User,");
    let of_user = format!("{here}/{}/roles", id_of(&user));
    browser
        .open(&of_user)
        .says("checked")
        .says_not("<script>alert");
    browser
        .submit(&of_user, &[("role", &role)])
        .says("The roles of Grace are saved.");
    browser.open(&user).says("&#60;script&#62;");
    browser.submit(&of_user, &[]).says("Default Access");

    let off = [
        ("display_name", "Admin"),
        ("value", "admin"),
        ("enabled", "No"),
    ];
    browser.submit(&edit, &off).says("Disabled");
    let refused = browser.post(&of_user, &[("role", &role)]);
    assert_eq!(refused.status, 422);
    refused.says("is disabled");
    browser
        .submit(&format!("{roles}/{role}/remove"), &[])
        .says("The app role is deleted.");

    browser
        .submit(&format!("{app}/rename"), &[("name", "Renamed app")])
        .says("The application is called Renamed app now.");
    let delete = format!("{app}/delete");
    let wrong = browser.post(&delete, &[("name", "Postman")]);
    assert_eq!(wrong.status, 422);
    wrong.says("That is not the name.");
    browser
        .submit(&delete, &[("name", "Renamed app")])
        .says("Renamed app is deleted.");
    assert_eq!(browser.get(&app).status, 404);
    browser.open(&user).says("Assigned to no application.");
}

#[test]
fn a_file_is_looked_at_and_then_imported_whole() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let look = |kind: &[u8], file: &[u8]| {
        browser.upload(
            "/entra/import",
            &[("kind", "", kind), ("file", "people.csv", file)],
        )
    };
    let wrong = look(
        b"User",
        b"displayName,userPrincipalName\nA,a@x.example\nB,nobody\n",
    );
    assert_eq!(wrong.status, 422);
    wrong.says("Line 3, column 2: userPrincipalName must contain @");
    assert_eq!(look(b"User", b"").status, 422);
    assert_eq!(look(b"User", &[0xff, 0xfe]).status, 422);
    browser
        .open("/entra/users?q=a@x.example")
        .says("Nothing matches");

    let file = "version:v1.0\r\nName [displayName] Required,User name [userPrincipalName] Required,theme\r\n\
                Zoe <b>,zoe@x.example,dark\r\nYan,yan@x.example,\r\n";
    let preview = look(b"User", file.as_bytes());
    assert_eq!(preview.status, 200);
    preview
        .says("2 users would be created and 0 updated.")
        .says("theme");
    browser
        .open("/entra/users?q=x.example")
        .says("Nothing matches");
    let token = preview
        .body
        .split("name=\"token\" value=\"")
        .nth(1)
        .unwrap();
    let token = token.split('"').next().unwrap().to_owned();
    let confirm = || browser.post("/entra/import/confirm", &[("token", &token)]);
    assert_eq!(confirm().status, 303);
    browser
        .open("/entra/users?q=x.example")
        .says("2 users created, 0 updated.")
        .says("Zoe &#60;b&#62;");
    let again = confirm();
    assert_eq!(again.status, 422);
    again.says("is no longer kept here");
    look(b"User", file.as_bytes()).says("There is nothing to import.");

    let groups = br#"{"value": [{"displayName": "Imported", "members": [{"userPrincipalName": "zoe@x.example"}]}]}"#;
    let preview = look(b"Group", groups);
    preview
        .says("1 group would be created")
        .says("Members to be added");
}

#[test]
fn what_is_downloaded_can_be_imported_again() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let phone = [
        ("telephoneNumber", "+47 12"),
        ("proxyAddresses", "SMTP:a@b.example\r\nsmtp:c@d.example"),
    ];
    create_user(
        &browser,
        "=cmd|' /C calc'!A0",
        "phone@contoso.example",
        &phone,
    );
    create_group(
        &browser,
        &[
            ("displayName", "Everybody on"),
            ("membershipType", "Dynamic User"),
            ("membershipRule", "user.accountEnabled -eq true"),
        ],
    );
    for (kind, path) in [
        ("User", "/entra/export/users.csv"),
        ("User", "/entra/export/users.json"),
        ("Group", "/entra/export/groups.csv"),
        ("Group", "/entra/export/groups.json"),
    ] {
        let file = browser.open(path);
        assert!(
            !file.body.contains("\n\"=") && !file.body.contains(",\"="),
            "{path}"
        );
        assert!(file.header("content-disposition").contains("attachment"));
        let seen = browser.upload(
            "/entra/import",
            &[
                ("kind", "", kind.as_bytes()),
                ("file", "f", file.body.as_bytes()),
            ],
        );
        assert_eq!(seen.status, 200, "{path}: {}", seen.body);
        seen.says("Everything in the file is in the directory already.");
    }
}
