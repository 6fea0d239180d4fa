//! Writing a build's files: all of them or none, each old or new but never torn.
//!
//! Files are staged under a hidden folder of the output folder, synced, and renamed into
//! place once everything is there. A lock keeps two builds apart; what a killed build
//! left is cleared by the next one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use offprint_core::{Artifact, RelativePath, Spool, parallel};

use crate::fault::Fault;
use crate::read::is_missing;
use crate::roots::shown;
use crate::state::Hash;

const STAGING: &str = ".offprint.tmp";
const LOCK: &str = ".offprint.lock";
/// How many files are synced at a time.
const SYNCING: usize = 16;
/// How much waits in memory before it is written to a spool, in bytes.
const SPOOL_TAIL: usize = 1024 * 1024;
/// How long a build waits for another one to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// An output folder that is being written to. Dropped before [`Stage::commit`], it leaves
/// the folder as it was.
#[derive(Debug)]
pub(crate) struct Stage {
    out: PathBuf,
    staging: PathBuf,
    /// Folders that were made for this build, outermost first.
    made: Vec<PathBuf>,
    lock: Option<File>,
    staged: Mutex<BTreeMap<RelativePath, Staged>>,
}

#[derive(Debug, Clone)]
struct Staged {
    hash: Hash,
    listed: bool,
    /// Where the new bytes are; `None` when the file already has them.
    temporary: Option<PathBuf>,
}

impl Stage {
    /// Locks `out`, making it if need be, and clears what a killed build left there.
    pub(crate) fn open(out: &Path, within: Option<&Path>) -> Result<Self, Fault> {
        let mut made = Vec::new();
        make_folders(out, &mut made)?;
        let mut stage = Self {
            out: out.to_owned(),
            staging: out.join(STAGING),
            made,
            lock: None,
            staged: Mutex::new(BTreeMap::new()),
        };
        if let Some(within) = within {
            check_inside(out, within)?;
        }
        stage.lock = Some(lock(out)?);
        stage
            .clear()
            .map_err(|error| Fault::io("clear", &stage.staging, &error))?;
        fs::create_dir(&stage.staging)
            .map_err(|error| Fault::io("make", &stage.staging, &error))?;
        Ok(stage)
    }

    /// A stage that keeps nothing and leaves no trace.
    pub(crate) fn trial(out: &Path) -> Self {
        Self {
            out: out.to_owned(),
            staging: PathBuf::new(),
            made: Vec::new(),
            lock: None,
            staged: Mutex::new(BTreeMap::new()),
        }
    }

    /// Whether nothing is kept.
    pub(crate) fn is_trial(&self) -> bool {
        self.lock.is_none()
    }

    /// Writes an artifact to where it waits for [`Stage::commit`]. Returns its hash.
    pub(crate) fn put(&self, artifact: &Artifact) -> Result<Hash, Fault> {
        let hash = Hash::of(&artifact.data);
        let number = {
            let mut staged = self.staged.lock().map_err(|_| poisoned())?;
            if let Some(earlier) = staged.get(&artifact.path) {
                return if earlier.hash == hash {
                    Ok(hash)
                } else {
                    Err(Fault::Bug(format!(
                        "two different files want to be `{}`",
                        artifact.path
                    )))
                };
            }
            let entry = Staged {
                hash: hash.clone(),
                listed: artifact.listed,
                temporary: None,
            };
            staged.insert(artifact.path.clone(), entry);
            staged.len()
        };
        let path = self.out.join(artifact.path.as_str());
        if self.is_trial() || has_bytes(&self.out, &artifact.path, &artifact.data) {
            return Ok(hash);
        }
        let temporary = self.staging.join(number.to_string());
        File::create_new(&temporary)
            .and_then(|mut file| file.write_all(&artifact.data))
            .map_err(|error| Fault::io("write", &path, &error))?;
        let mut staged = self.staged.lock().map_err(|_| poisoned())?;
        if let Some(entry) = staged.get_mut(&artifact.path) {
            entry.temporary = Some(temporary);
        }
        Ok(hash)
    }

    /// Moves all staged files to their places, removes those of `abandoned`, and lets
    /// `remember` look at what lies in the folder before anybody else may write to it. Returns
    /// the files that were not there before with the same bytes.
    pub(crate) fn commit(
        mut self,
        abandoned: &[RelativePath],
        remember: impl FnOnce(),
    ) -> Result<BTreeSet<RelativePath>, Fault> {
        let changed = self.move_all()?;
        for path in abandoned {
            self.remove(path)?;
        }
        remember();
        Ok(changed)
    }

    fn move_all(&mut self) -> Result<BTreeSet<RelativePath>, Fault> {
        let staged = std::mem::take(&mut *self.staged.lock().map_err(|_| poisoned())?);
        let mut moves: Vec<(RelativePath, bool, PathBuf)> = staged
            .into_iter()
            .filter_map(|(path, staged)| Some((path, staged.listed, staged.temporary?)))
            .collect();
        // A page comes after its pictures, and feeds after what they link to.
        moves.sort_by_key(|(path, listed, _)| (!path.as_str().contains('/'), *listed));
        for (path, ..) in &moves {
            check_target(&self.out, path)?;
        }
        let mut folders = vec![self.out.clone()];
        for (path, ..) in &moves {
            let folder = parent(&self.out.join(path.as_str()));
            make_folders(&folder, &mut self.made)?;
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        self.sync_all(&moves)?;
        for (path, _, temporary) in &moves {
            let target = self.out.join(path.as_str());
            fs::rename(temporary, &target).map_err(|error| Fault::io("write", &target, &error))?;
            // What holds a new file stays, even if a later one fails.
            self.made.retain(|made| !target.starts_with(made));
        }
        for folder in folders {
            sync_folder(&folder).map_err(|error| Fault::io("write to", &folder, &error))?;
        }
        Ok(moves.into_iter().map(|(path, ..)| path).collect())
    }

    /// Removes a file, and the folders that it leaves empty.
    fn remove(&self, path: &RelativePath) -> Result<(), Fault> {
        if look(&self.out, path)?.is_none_or(|metadata| metadata.is_dir()) {
            return Ok(());
        }
        let path = self.out.join(path.as_str());
        fs::remove_file(&path).map_err(|error| Fault::io("remove", &path, &error))?;
        let mut folder = parent(&path);
        while folder != self.out && fs::remove_dir(&folder).is_ok() {
            folder = parent(&folder);
        }
        Ok(())
    }

    /// Waits until what is staged is on the disk: several files at a time, for a disk is asked
    /// for one in the time of many.
    fn sync_all(&self, moves: &[(RelativePath, bool, PathBuf)]) -> Result<(), Fault> {
        let sync = |index: usize| {
            let (path, _, temporary) = moves.get(index)?;
            let synced = File::open(temporary).and_then(|file| file.sync_all());
            synced.err().map(|error| (path, error))
        };
        let threads = SYNCING.min(moves.len());
        let synced = parallel::in_parallel(moves.len(), threads, || (), |(), index| sync(index))
            .map_err(|error| Fault::io("write to", &self.out, &error))?;
        let mut failed = synced.results.into_iter().filter_map(|(_, failed)| failed);
        match failed.next() {
            Some((path, error)) => Err(Fault::io("write", &self.out.join(path.as_str()), &error)),
            None => Ok(()),
        }
    }

    /// Removes the staging folder.
    fn clear(&self) -> io::Result<()> {
        match fs::symlink_metadata(&self.staging) {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(&self.staging),
            Ok(_) => fs::remove_file(&self.staging),
            Err(error) if is_missing(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Whatever fails here is cleared by the next build.
        if let Some(lock) = self.lock.take() {
            let _ = self.clear();
            unlock(&self.out, &lock);
        }
        for folder in self.made.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Writes a file whole: a hidden sibling, synced, takes its place.
pub(crate) fn replace(path: &Path, data: &[u8]) -> io::Result<()> {
    replace_with(path, data, None)
}

/// [`replace`] for a file that keeps its mode.
pub(crate) fn replace_alike(path: &Path, data: &[u8]) -> io::Result<()> {
    let mode = fs::metadata(path)?.permissions();
    replace_with(path, data, Some(mode))
}

fn replace_with(path: &Path, data: &[u8], mode: Option<Permissions>) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.tmp"));
    if fs::symlink_metadata(&temporary).is_ok() {
        fs::remove_file(&temporary)?;
    }
    let written = write_whole(&temporary, data)
        .and_then(|()| mode.map_or(Ok(()), |mode| fs::set_permissions(&temporary, mode)))
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| sync_folder(&parent(path)));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn poisoned() -> Fault {
    Fault::Bug("a thread stopped while it wrote".to_owned())
}

/// Room beside the staged files for what a format of the series cannot keep in memory.
pub(crate) struct FileSpool {
    file: Mutex<Spooled>,
}

struct Spooled {
    file: File,
    length: u64,
    /// What was put last and is not in the file yet.
    tail: Vec<u8>,
}

impl FileSpool {
    /// An empty spool, which goes with the stage.
    pub(crate) fn within(stage: &Stage) -> Result<Self, Fault> {
        let path = stage.staging.join("spool");
        let file = OpenOptions::new()
            .create_new(true)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| Fault::io("write", &path, &error))?;
        let file = Mutex::new(Spooled {
            file,
            length: 0,
            tail: Vec::new(),
        });
        Ok(Self { file })
    }
}

impl Spooled {
    fn flush(&mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(&self.tail)?;
        self.length += self.tail.len() as u64;
        self.tail.clear();
        Ok(())
    }
}

impl Spool for FileSpool {
    fn put(&self, bytes: &[u8]) -> io::Result<Range<u64>> {
        let mut spooled = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let start = spooled.length + spooled.tail.len() as u64;
        spooled.tail.extend_from_slice(bytes);
        if spooled.tail.len() >= SPOOL_TAIL {
            spooled.flush()?;
        }
        Ok(start..start + bytes.len() as u64)
    }

    fn get(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let mut spooled = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if range.end > spooled.length {
            spooled.flush()?;
        }
        spooled.file.seek(SeekFrom::Start(range.start))?;
        let length = range.end.saturating_sub(range.start);
        let capacity = usize::try_from(length).map_err(io::Error::other)?;
        // Without zeros first: a feed's archives are long together.
        let mut bytes = Vec::with_capacity(capacity);
        let read = (&spooled.file).take(length).read_to_end(&mut bytes)?;
        if read < capacity {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    }
}

fn parent(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}

/// Makes a folder and those above it, and notes which were not there.
fn make_folders(folder: &Path, made: &mut Vec<PathBuf>) -> Result<(), Fault> {
    let mut missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|folder| {
            !folder.as_os_str().is_empty()
                && fs::metadata(folder).is_err_and(|error| is_missing(&error))
        })
        .collect();
    missing.reverse();
    for folder in missing {
        match fs::create_dir(folder) {
            Ok(()) => made.push(folder.to_owned()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            Err(error) => return Err(Fault::io("make the folder", folder, &error)),
        }
    }
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(Fault::machine(
            format!(
                "cannot write to `{}`: it is a file, not a folder",
                shown(folder)
            ),
            Some("choose another folder with --out"),
        )),
        Err(error) => Err(Fault::io("read", folder, &error)),
    }
}

/// Refuses an output folder that a symbolic link of the project leads elsewhere.
fn check_inside(out: &Path, within: &Path) -> Result<(), Fault> {
    let real = |path: &Path| {
        path.canonicalize()
            .map_err(|error| Fault::io("find", path, &error))
    };
    let real_out = real(out)?;
    if real_out.starts_with(real(within)?) {
        return Ok(());
    }
    Err(Fault::machine(
        format!(
            "`{}` leads out of the project, to `{}`",
            shown(out),
            real_out.display()
        ),
        Some("if you mean that folder, name it with --out"),
    ))
}

/// Waits for the folder's lock. It goes with the process, however that ends.
fn lock(out: &Path) -> Result<File, Fault> {
    let path = out.join(LOCK);
    let start = Instant::now();
    loop {
        // A link would make us create a file elsewhere.
        if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(Fault::machine(
                format!("`{}` is in the way", shown(&path)),
                Some("remove it: offprint keeps its lock there"),
            ));
        }
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| Fault::io("write to", out, &error))?;
        match file.try_lock() {
            // The build before us may have removed the file after we opened it.
            Ok(()) if is_at(&file, &path) => return Ok(file),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Fault::machine(
                    format!("another build is writing to `{}`", shown(out)),
                    Some("wait for it to end, then build again"),
                ));
            }
            Err(TryLockError::Error(error)) => return Err(Fault::io("lock", out, &error)),
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same =
        |left: &Metadata, right: &Metadata| (left.dev(), left.ino()) == (right.dev(), right.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => same(&open, &named),
        (Err(_), _) | (_, Err(_)) => false,
    }
}

#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

/// Gives the lock back. Elsewhere than on Unix, who waits for a file keeps it from being removed.
fn unlock(out: &Path, lock: &File) {
    if cfg!(unix) {
        let _ = fs::remove_file(out.join(LOCK));
    }
    let _ = lock.unlock();
}

/// What lies at a path below `out`, links not followed; `None` where nothing is.
pub(crate) fn look(out: &Path, path: &RelativePath) -> Result<Option<Metadata>, Fault> {
    let mut here = out.to_owned();
    let mut parts = path.as_str().split('/').peekable();
    while let Some(part) = parts.next() {
        here.push(part);
        let metadata = match fs::symlink_metadata(&here) {
            Ok(metadata) => metadata,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(Fault::io("read", &here, &error)),
        };
        if parts.peek().is_none() {
            return Ok(Some(metadata));
        }
        if metadata.is_symlink() {
            return Err(Fault::machine(
                format!(
                    "`{}` is a symbolic link, and files never leave the output folder",
                    shown(&here)
                ),
                Some("remove the link, or choose another folder with --out"),
            ));
        }
        if !metadata.is_dir() {
            return Err(Fault::machine(
                format!("`{}` is a file where a folder should be", shown(&here)),
                Some("move it away, or choose another folder with --out"),
            ));
        }
    }
    Ok(None)
}

/// Whether the regular file at `path` has these bytes.
fn has_bytes(out: &Path, path: &RelativePath, data: &[u8]) -> bool {
    let Ok(Some(metadata)) = look(out, path) else {
        return false;
    };
    metadata.is_file()
        && metadata.len() == data.len() as u64
        && read_again(&out.join(path.as_str())).is_ok_and(|bytes| bytes == data)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program's own output is no input of a build"
)]
fn read_again(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
}

/// Refuses a place where a file cannot be put. A link to a file is replaced by the rename.
fn check_target(out: &Path, path: &RelativePath) -> Result<(), Fault> {
    if look(out, path)?.is_some_and(|metadata| metadata.is_dir()) {
        return Err(Fault::machine(
            format!(
                "`{}` is a folder where a file should be",
                shown(&out.join(path.as_str()))
            ),
            Some("move it away, or choose another folder with --out"),
        ));
    }
    Ok(())
}

fn write_whole(path: &Path, data: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(data)?;
    file.sync_all()
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// The length of a file that an earlier build left, if it is one.
pub(crate) fn length_of(out: &Path, path: &RelativePath) -> Option<u64> {
    look(out, path)
        .ok()
        .flatten()
        .filter(Metadata::is_file)
        .map(|metadata| metadata.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(path: &str, data: &[u8]) -> Artifact {
        Artifact::new(
            RelativePath::new(path).unwrap(),
            "text/plain",
            data.to_vec(),
        )
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn text(path: &Path) -> String {
        String::from_utf8(read_again(path).unwrap()).unwrap()
    }

    #[test]
    fn nothing_is_in_place_before_the_commit_and_nothing_is_left_after_it() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("a/b");
        let stage = Stage::open(&out, None).unwrap();
        stage.put(&artifact("x/y.txt", b"new")).unwrap();
        assert!(!out.join("x").exists());
        assert_eq!(stage.commit(&[], || {}).unwrap().len(), 1);
        assert_eq!(text(&out.join("x/y.txt")), "new");
        assert_eq!(names(&out), ["x"]);
    }

    #[test]
    fn a_build_that_is_given_up_leaves_no_trace() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("a/b");
        let stage = Stage::open(&out, None).unwrap();
        stage.put(&artifact("x.txt", b"new")).unwrap();
        drop(stage);
        assert!(names(root.path()).is_empty());
    }

    #[test]
    fn files_of_others_stay_and_equal_ones_are_not_written_again() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("CNAME"), "mine").unwrap();
        fs::write(root.path().join("same.txt"), "same").unwrap();
        let before = fs::metadata(root.path().join("same.txt"))
            .unwrap()
            .modified()
            .unwrap();
        let stage = Stage::open(root.path(), None).unwrap();
        stage.put(&artifact("same.txt", b"same")).unwrap();
        stage.put(&artifact("other.txt", b"other")).unwrap();
        assert_eq!(stage.commit(&[], || {}).unwrap().len(), 1);
        assert_eq!(names(root.path()), ["CNAME", "other.txt", "same.txt"]);
        assert_eq!(
            fs::metadata(root.path().join("same.txt"))
                .unwrap()
                .modified()
                .unwrap(),
            before
        );
    }

    #[test]
    fn what_a_killed_build_left_is_cleared() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(STAGING)).unwrap();
        fs::write(root.path().join(STAGING).join("1"), "torn").unwrap();
        fs::write(root.path().join(LOCK), "").unwrap();
        Stage::open(root.path(), None)
            .unwrap()
            .commit(&[], || {})
            .unwrap();
        assert!(names(root.path()).is_empty());
    }

    #[test]
    fn two_formats_may_share_a_file_but_not_a_name() {
        let root = tempfile::tempdir().unwrap();
        let stage = Stage::open(root.path(), None).unwrap();
        stage.put(&artifact("x.png", b"one")).unwrap();
        stage.put(&artifact("x.png", b"one")).unwrap();
        assert!(matches!(
            stage.put(&artifact("x.png", b"two")),
            Err(Fault::Bug(_))
        ));
    }

    #[cfg(unix)]
    #[test]
    fn a_planted_link_is_replaced_and_a_linked_folder_refused() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("out");
        let elsewhere = root.path().join("elsewhere");
        fs::create_dir(&out).unwrap();
        fs::create_dir(&elsewhere).unwrap();
        fs::write(elsewhere.join("file"), "precious").unwrap();
        std::os::unix::fs::symlink(elsewhere.join("file"), out.join("feed.xml")).unwrap();
        std::os::unix::fs::symlink(&elsewhere, out.join("issue")).unwrap();
        let stage = Stage::open(&out, None).unwrap();
        stage.put(&artifact("feed.xml", b"new")).unwrap();
        stage.commit(&[], || {}).unwrap();
        assert_eq!(text(&elsewhere.join("file")), "precious");
        assert_eq!(text(&out.join("feed.xml")), "new");
        let stage = Stage::open(&out, None).unwrap();
        stage.put(&artifact("feed.xml", b"newer")).unwrap();
        stage.put(&artifact("issue/file", b"new")).unwrap();
        assert!(matches!(stage.commit(&[], || {}), Err(Fault::Machine(_))));
        assert_eq!(text(&elsewhere.join("file")), "precious");
        assert_eq!(text(&out.join("feed.xml")), "new");
    }

    #[test]
    fn a_folder_in_a_files_place_stops_everything() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("z.txt")).unwrap();
        let stage = Stage::open(root.path(), None).unwrap();
        stage.put(&artifact("a.txt", b"new")).unwrap();
        stage.put(&artifact("z.txt", b"new")).unwrap();
        assert!(matches!(stage.commit(&[], || {}), Err(Fault::Machine(_))));
        assert_eq!(names(root.path()), ["z.txt"]);
    }
}
