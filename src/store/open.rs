//! Opening the data file: creation, locks, versions, and a sentence for everything that can go wrong.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::{Database, DatabaseError, ReadOnlyDatabase, ReadableDatabase, WriteTransaction};

use super::snapshot::Latest;
use super::tables::{self, Definition, Visitor};
use super::upgrade;
use super::writer::Writer;
use super::{Error, Store};
use crate::id::{IdMix, Nonce};

/// Where and how to open.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data directory. Created when missing.
    pub directory: PathBuf,
    /// Bytes of page cache. redb's own default of 1 GiB would be the appliance's memory.
    pub cache: usize,
}

impl Options {
    /// A directory, with the default cache of 64 MiB.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            cache: 64 << 20,
        }
    }

    /// The data file.
    pub(super) fn file(&self) -> PathBuf {
        self.directory.join("scimlab.redb")
    }
}

/// The data directory cannot be used. Every variant is a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process holds the lock.
    #[error(
        "{0} is in use by another scimlab process. Stop that one first, or choose another --data directory."
    )]
    InUse(PathBuf),
    /// Written by a later program.
    #[error(
        "{path} was written by a newer scimlab (data version {found}; this program knows up to {known}). Use the newer program; nothing was changed."
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version in the file.
        found: u64,
        /// Newest version this program knows.
        known: u64,
    },
    /// No permission, a read-only file system, a full disk.
    #[error(
        "cannot open {path}: {reason}. Check that the directory is writable and that the disk is not full."
    )]
    Unusable {
        /// The file or directory.
        path: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// The engine refuses the file.
    #[error(
        "{path} cannot be read as scimlab data: {reason}. Restore a backup, or choose another --data directory; nothing was changed."
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The engine's words.
        reason: String,
    },
}

pub(super) fn open(options: &Options) -> Result<Store, OpenError> {
    let path = options.file();
    create_directory(&options.directory)?;
    let fresh = !path.exists();
    if !fresh {
        refuse_newer(&path)?;
    }
    let mut builder = Database::builder();
    builder.set_cache_size(options.cache);
    builder.set_repair_callback(|session| {
        tracing::info!(
            percent = session.progress() * 100.0,
            "repairing the data file after a crash"
        );
    });
    let database = builder.create(&path).map_err(|e| opening(&path, e))?;
    if fresh {
        restrict(&path)?;
    }
    prepare(&path, database)
}

/// Looks at the version before anything is opened for writing, because that alone changes bytes. A file
/// that cannot be read this way (it needs repair after a crash, or is no data at all) is left to the
/// real opening.
fn refuse_newer(path: &Path) -> Result<(), OpenError> {
    let Ok(database) = ReadOnlyDatabase::open(path) else {
        return Ok(());
    };
    match read_meta(&database, "schema_version") {
        Ok(Some(found)) => known(path, found),
        _ => Ok(()),
    }
}

fn known(path: &Path, found: u64) -> Result<(), OpenError> {
    if found <= upgrade::SCHEMA_VERSION {
        return Ok(());
    }
    Err(OpenError::Newer {
        path: path.to_owned(),
        found,
        known: upgrade::SCHEMA_VERSION,
    })
}

pub(super) fn in_memory() -> Result<Store, OpenError> {
    let path = PathBuf::from("memory");
    let database = Database::builder()
        .create_with_backend(redb::backends::InMemoryBackend::new())
        .map_err(|e| opening(&path, e))?;
    prepare(&path, database)
}

fn prepare(path: &Path, database: Database) -> Result<Store, OpenError> {
    let failed = |error: Error| match error {
        Error::Engine(redb::Error::Io(io)) => unusable(path, &io),
        other => OpenError::Damaged {
            path: path.to_owned(),
            reason: other.to_string(),
        },
    };
    let version = read_meta(&database, "schema_version").map_err(failed)?;
    match version {
        None => create_tables(&database).map_err(failed)?,
        Some(found) => {
            known(path, found)?;
            upgrade::run(&database, path, found)?;
        }
    }
    let mix = read_meta(&database, "id_mix")
        .map_err(failed)?
        .ok_or_else(|| OpenError::Damaged {
            path: path.to_owned(),
            reason: "id_mix is missing".into(),
        })?;
    let database = Arc::new(database);
    let latest = Arc::<Latest>::default();
    let writer = Writer::start(Arc::clone(&database), Arc::clone(&latest), IdMix::new(mix))
        .map_err(|e| unusable(path, &e))?;
    Ok(Store {
        latest,
        database,
        writer: Arc::new(writer),
        mix: IdMix::new(mix),
    })
}

/// `None` when the file is new and has no tables yet.
fn read_meta(database: &impl ReadableDatabase, key: &str) -> Result<Option<u64>, Error> {
    match database.begin_read()?.open_table(tables::META.engine) {
        Ok(meta) => Ok(meta.get(key)?.map(|v| v.value())),
        Err(redb::TableError::TableDoesNotExist(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// Opening a missing table in a read transaction is an error, so all of them exist from the start.
pub(super) struct Create<'a>(pub(super) &'a WriteTransaction);

impl Visitor for Create<'_> {
    type Error = Error;

    fn table<K: redb::Key + 'static, V: redb::Value + 'static>(
        &mut self,
        table: Definition<K, V>,
    ) -> Result<(), Error> {
        self.0.open_table(table.engine)?;
        Ok(())
    }
}

fn create_tables(database: &Database) -> Result<(), Error> {
    let transaction = database.begin_write()?;
    tables::visit(&mut Create(&transaction))?;
    {
        let mut meta = transaction.open_table(tables::META.engine)?;
        let mut mix = [0; 8];
        mix.copy_from_slice(&Nonce::random().0[..8]);
        meta.insert("id_mix", u64::from_be_bytes(mix))?;
        meta.insert("schema_version", upgrade::SCHEMA_VERSION)?;
    }
    transaction.commit()?;
    Ok(())
}

fn create_directory(directory: &Path) -> Result<(), OpenError> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(directory)
        .map_err(|e| unusable(directory, &e))
}

/// The file holds personal data: only its owner may read it.
fn restrict(path: &Path) -> Result<(), OpenError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))
            .map_err(|e| unusable(path, &e))?;
    }
    Ok(())
}

fn unusable(path: &Path, error: &io::Error) -> OpenError {
    OpenError::Unusable {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

fn opening(path: &Path, error: DatabaseError) -> OpenError {
    match error {
        DatabaseError::DatabaseAlreadyOpen => OpenError::InUse(path.to_owned()),
        DatabaseError::Storage(redb::StorageError::Io(io))
            if io.kind() != io::ErrorKind::InvalidData =>
        {
            unusable(path, &io)
        }
        other => OpenError::Damaged {
            path: path.to_owned(),
            reason: other.to_string(),
        },
    }
}
