//! A browser window with somebody signed in.

use std::future::Future;
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::console::{Appliance, EMAIL, PASSWORD};

/// A variable that `tests/run` sets.
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: tests in a browser need what tests/run provides. Run: bash tests/run")
    })
}

/// A window on an appliance.
pub(crate) struct Window {
    driver: WebDriver,
    base: String,
}

/// Opens a window of this width with somebody signed in, does something in it, and closes it.
pub(crate) fn with_window<F, R>(appliance: &Appliance, width: u32, work: F)
where
    F: FnOnce(Window) -> R,
    R: Future<Output = Window>,
{
    with_window_at(&appliance.url, width, work);
}

/// The same on the appliance with this URL.
pub(crate) fn with_window_at<F, R>(base: &str, width: u32, work: F)
where
    F: FnOnce(Window) -> R,
    R: Future<Output = Window>,
{
    with_strangers_window(base, width, async |window| {
        window.sign_in().await;
        work(window).await
    });
}

/// The same with nobody signed in.
pub(crate) fn with_strangers_window<F, R>(base: &str, width: u32, work: F)
where
    F: FnOnce(Window) -> R,
    R: Future<Output = Window>,
{
    let url = variable("CHROMEDRIVER_URL");
    let base = base.to_owned();
    actix_web::rt::System::new().block_on(async move {
        let driver = WebDriver::new(&url, capabilities(width)).await.unwrap();
        let window = Window { driver, base };
        work(window).await.driver.quit().await.unwrap();
    });
}

fn capabilities(width: u32) -> Capabilities {
    let mut wanted = DesiredCapabilities::chrome();
    wanted.set_binary(&variable("CHROMIUM")).unwrap();
    for argument in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ] {
        wanted.add_arg(argument).unwrap();
    }
    // A window cannot be made as narrow as a phone; an emulated screen can.
    let screen = json!({"deviceMetrics": {"width": width, "height": 844, "pixelRatio": 1.0, "mobile": false}});
    wanted
        .add_experimental_option("mobileEmulation", screen)
        .unwrap();
    wanted.into()
}

impl Window {
    pub(crate) async fn sign_in(&self) {
        self.open("/login").await;
        self.fill("email", EMAIL).await;
        self.fill("password", PASSWORD).await;
        self.click("main button").await;
        self.wait_for("h1", "Overview").await;
    }

    /// Ends the session.
    pub(crate) async fn sign_out(&self) {
        self.script("document.querySelector('form[action=\"/logout\"]').submit()")
            .await;
        self.wait_for("h1", "Sign in").await;
    }

    /// Signs in; the page that somebody sees first depends on who it is.
    pub(crate) async fn sign_in_as(&self, email: &str, password: &str) {
        self.open("/login").await;
        self.fill("email", email).await;
        self.fill("password", password).await;
        self.click("main button").await;
        self.wait_for("header.top", email).await;
    }

    pub(crate) async fn open(&self, path: &str) {
        self.driver
            .goto(format!("{}{path}", self.base))
            .await
            .unwrap();
    }

    /// Path of the page that is shown.
    pub(crate) async fn path(&self) -> String {
        self.script("return location.pathname")
            .await
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn script(&self, script: &str) -> Value {
        self.driver
            .execute(script, Vec::new())
            .await
            .unwrap()
            .json()
            .clone()
    }

    /// Runs a script that ends by calling its last argument.
    pub(crate) async fn script_later(&self, script: &str) -> Value {
        self.driver
            .execute_async(script, Vec::new())
            .await
            .unwrap()
            .json()
            .clone()
    }

    /// The element, once it is there: the page that a click led to may still be loading.
    async fn find(&self, by: By, what: &str) -> WebElement {
        for _ in 0..300 {
            if let Ok(element) = self.driver.find(by.clone()).await {
                return element;
            }
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{what} is not on {}", self.path().await)
    }

    pub(crate) async fn click(&self, selector: &str) {
        let element = self.find(By::Css(selector), selector).await;
        element.click().await.unwrap();
    }

    /// Clicks the link or button that reads `text`.
    pub(crate) async fn press(&self, text: &str) {
        let path = format!("//main//*[self::a or self::button][normalize-space(.)='{text}']");
        let element = self.find(By::XPath(path), text).await;
        element.click().await.unwrap();
    }

    /// Clicks the label that begins with a line of this text, and thereby ticks its box.
    pub(crate) async fn tick(&self, text: &str) {
        let path = format!("//main//label[normalize-space(text())='{text}']");
        let element = self.find(By::XPath(path), text).await;
        element.click().await.unwrap();
    }

    /// Replaces what stands in the field of this name.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let field = self.find(By::Name(name), name).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses a file in the field of this name.
    pub(crate) async fn choose(&self, name: &str, file: &std::path::Path) {
        let field = self.find(By::Name(name), name).await;
        field.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// Presses keys outside of any field.
    pub(crate) async fn keys(&self, keys: &str) {
        let body = self.driver.find(By::Css("body")).await.unwrap();
        body.send_keys(keys).await.unwrap();
    }

    /// Waits until an element that `selector` finds contains `text`.
    pub(crate) async fn wait_for(&self, selector: &str, text: &str) {
        let mut seen = String::new();
        for _ in 0..300 {
            seen.clear();
            for element in self.driver.find_all(By::Css(selector)).await.unwrap() {
                // It may be gone again: the page is loading or polling.
                seen.push_str(&element.text().await.unwrap_or_default());
                seen.push('\n');
            }
            if seen.contains(text) {
                return;
            }
            actix_web::rt::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{selector} does not say {text:?} but {seen:?}");
    }

    /// Opens a page until a row of its table has all of these texts, or until no row has, as a person does who
    /// watches an agent at work.
    pub(crate) async fn watch(&self, path: &str, row: &[&str], there: bool) {
        let rows =
            "return [...document.querySelectorAll('main tbody tr')].map(row => row.textContent)";
        let mut seen = Value::Null;
        for _ in 0..300 {
            self.open(path).await;
            seen = self.script(rows).await;
            let mut rows = seen.as_array().unwrap().iter();
            let found = rows.any(|shown| {
                let shown = shown.as_str().unwrap();
                row.iter().all(|text| shown.contains(text))
            });
            if found == there {
                return;
            }
            actix_web::rt::time::sleep(Duration::from_millis(100)).await;
        }
        panic!(
            "{path}: a row with {row:?} is there: {}; the rows: {seen}",
            !there
        );
    }
}
