//! One check, from options to report.

use tollgate_check::{CheckError, Context};
use tollgate_model::{Problem, Report};

use crate::cache::{self, Cache};
use crate::compare::{self, Comparison, Side};
use crate::look::{Beside, Seen, Wish};
use crate::measure;
use crate::need::Asked;
use crate::options::Options;
use crate::report::{self, Found};
use crate::{Encoding, locate, stale};

/// Looks at the build, and at the base's beside it, reads what the questions need, and reports.
pub(crate) fn run(ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
    options.named()?;
    let (exclude, groups) = (options.exclusion()?, options.groups()?);
    let encoding = options.encoding.unwrap_or_default();
    let folder = locate::build_folder(ctx.root(), options.dir.as_deref()).map_err(CheckError::Problem)?;
    let manifest = options.manifest.as_deref().map(|path| ctx.root().relative(path).unwrap_or_else(|| path.to_owned()));
    let wish = Wish { exclude: &exclude, groups: &groups, targets: ctx.targets(), manifest: manifest.as_deref() };
    let record = |path: &str, digest| ctx.record("manifest", path, digest, None);
    let mut head = Seen::look(ctx.root(), &folder, &wish, &record).map_err(CheckError::Problem)?;
    let mut base =
        options.base_dir.as_deref().map(|dir| Beside::find(ctx.root(), dir, &folder, manifest.as_deref())?.look(&wish));
    let side = match &base {
        Some(_) => None,
        None => ctx.base_report().map(|report| compare::of_report(report, encoding, &report::definition(encoding))),
    };
    let compared = matches!(base, Some(Ok(_))) || matches!(side, Some(Ok(_)));
    let asked = Asked { encoding, targets: ctx.targets(), compared };
    let (cache, note) = cache(ctx, options);
    read(ctx, &mut head, base.as_mut().and_then(|base| base.as_mut().ok()), asked, &cache);
    let comparison = match (&base, side) {
        (Some(Ok(base)), _) => Some(Ok(compare::compare(&side_of(base, encoding), &side_of(&head, encoding)))),
        (Some(Err(problem)), _) => Some(Err(problem.message.clone())),
        (None, side) => side.map(|side| side.map(|side| compare::compare(&side, &side_of(&head, encoding)))),
    };
    let newer = stale::newer(ctx, &head.dir, &head.listing);
    let growth = comparison.as_ref().and_then(|one| one.as_ref().ok()).map(Comparison::growth).unwrap_or_default();
    let found = Found { seen: &head, encoding, exclude: &exclude, groups: &groups, growth: &growth };
    let mut report = report::report(ctx, &found);
    report::compared(&mut report, comparison, encoding);
    report.findings.extend(newer.map(|newer| crate::findings::stale(&head.dir, &newer)));
    report.notes.extend(note);
    report.base = base.map(|base| Box::new(report::of_base(ctx, base.as_ref(), &found)));
    Ok(report)
}

/// What was compressed before, and a note where that is not believed.
fn cache(ctx: &Context<'_>, options: &Options) -> (Cache, Option<String>) {
    if options.no_cache == Some(true) {
        return (Cache::none(), None);
    }
    let tree = ctx.tree();
    let tracked = [".tollgate", cache::FOLDER, cache::FILE].into_iter().map(|path| tree.tracks(path));
    match tracked.collect::<Result<Vec<bool>, _>>() {
        // Without a commit nobody can tell what came with one.
        Ok(_) if tree.commit().is_none() => (Cache::none(), None),
        Ok(tracked) if !tracked.contains(&true) => (Cache::open(ctx.root().path()), None),
        Ok(_) => {
            let note = format!("{} is under version control, and was not believed: remove it there", cache::FILE);
            (Cache::none(), Some(note))
        }
        Err(_) => (Cache::none(), None),
    }
}

/// Reads what is needed of both builds, each content once.
fn read(ctx: &Context<'_>, head: &mut Seen, base: Option<&mut Seen>, asked: Asked<'_>, cache: &Cache) {
    let mut seen: Vec<&mut Seen> = std::iter::once(head).chain(base).collect();
    let beside = seen.len() > 1;
    let mut jobs: Vec<_> = seen.iter_mut().map(|seen| seen.job(asked, beside)).collect();
    let problems = measure::read_all(&mut jobs, cache, ctx.jobs());
    drop(jobs);
    for (seen, problems) in seen.into_iter().zip(problems) {
        seen.listing.problems.extend(problems);
    }
}

/// A measured build as it is compared.
fn side_of(seen: &Seen, encoding: Encoding) -> Side {
    let size = |at: &usize| seen.listing.assets[*at].size(encoding).map_or(0, |size| size.high);
    let files = seen.listing.assets.iter().enumerate().map(|(at, asset)| compare::File {
        path: asset.path.clone(),
        blake3: asset.blake3.clone(),
        size: size(&at),
    });
    let loads = seen.series.iter().filter_map(|series| match (series.part, series.labels.as_slice()) {
        (crate::series::Part::First(start), [(_, name)]) => {
            Some(((start, name.clone()), series.members.iter().map(size).fold(0, u64::saturating_add)))
        }
        _ => None,
    });
    let files: Vec<compare::File> = files.collect();
    let total = files.iter().fold(0, |sum: u64, file| sum.saturating_add(file.size));
    Side { files, loads: loads.collect(), total, floor: 0 }
}

/// What a comparison came to; the reason in words where there is none.
pub(crate) type Compared = Option<Result<Comparison, String>>;

/// What was seen of the base; what went wrong.
pub(crate) type Base<'a> = Result<&'a Seen, &'a Problem>;
