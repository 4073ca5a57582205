use super::Truth::{Always, Guarded, Never, Open};
use super::{CODE, Run, Truth, condition};

fn of(event: &str, theirs: &'static str, text: &str) -> Truth {
    condition(Some(text), Run { event, theirs })
}

#[test]
fn conditions_about_pull_request_code() {
    for (text, expected) in [
        ("", Always),
        ("always()", Always),
        ("false", Never),
        ("${{ false }}", Never),
        ("${{ false }} && true", Always),
        ("github.event_name == 'push'", Never),
        ("github.event_name != 'push'", Always),
        ("github.event_name == 'push' || github.event_name == 'pull_request_target'", Always),
        ("contains(fromJSON('[\"push\", \"pull_request\"]'), github.event_name)", Never),
        ("startsWith(github.event_name, 'pull_request')", Always),
        ("contains('push pull_request_target', github.event_name)", Always),
        ("github.event.pull_request.head.repo.full_name == github.repository", Never),
        ("github.event.pull_request.head.repo.full_name != github.repository", Always),
        ("github.event.pull_request.head.repo.owner.login == 'me'", Never),
        ("github.event.pull_request.head.repo.fork", Always),
        ("!github.event.pull_request.head.repo.fork", Never),
        ("github.event.pull_request.head.repo.fork == false", Never),
        ("contains(github.event.pull_request.labels.*.name, 'safe')", Guarded),
        ("!contains(github.event.pull_request.labels.*.name, 'skip')", Open),
        ("github.event.label.name == 'safe'", Guarded),
        ("github.event.action == 'labeled' && github.event.label.name == 'x'", Guarded),
        ("github.event.pull_request.author_association == 'MEMBER'", Never),
        ("contains(fromJSON('[\"OWNER\",\"MEMBER\"]'), github.event.pull_request.author_association)", Never),
        ("contains('OWNER CONTRIBUTOR', github.event.pull_request.author_association)", Open),
        ("github.event.pull_request.user.login == 'dependabot[bot]'", Never),
        ("github.actor == 'dependabot[bot]'", Guarded),
        ("github.actor != 'dependabot[bot]'", Open),
        ("github.event.pull_request.merged == true", Never),
        ("github.event.pull_request.merged", Never),
        ("github.event.pull_request.draft == false", Open),
        ("github.event.pull_request.base.ref == 'main'", Open),
        ("needs.check.outputs.allowed == 'true'", Guarded),
        ("needs.check.outputs.allowed != 'true'", Guarded),
        ("fromJSON(needs.check.outputs.all).x == 'true'", Guarded),
        ("needs.check.result == 'success'", Open),
        ("github.repository == 'me/it'", Open),
        ("github.event.issue.pull_request", Never),
        ("github.event.pull_request", Always),
        ("vars.ON == 'true'", Open),
        ("not an expression", Open),
    ] {
        assert_eq!(of("pull_request_target", CODE, text), expected, "{text}");
    }
}

#[test]
fn conditions_about_comments_and_runs() {
    let member = "github.event.comment.author_association == 'MEMBER'";
    for (event, theirs, text, expected) in [
        ("issue_comment", "github.event.comment", member, Never),
        ("issue_comment", CODE, member, Guarded),
        ("issue_comment", "github.event.issue", member, Guarded),
        ("issue_comment", CODE, "github.event.issue.pull_request && github.event.comment.body == '/test'", Open),
        ("issue_comment", CODE, "contains('[\"me\"]', github.event.comment.user.login)", Guarded),
        ("issue_comment", "github.event.comment", "contains('[\"me\"]', github.event.comment.user.login)", Never),
        ("issue_comment", CODE, "github.event.comment.user.type == 'User'", Open),
        ("workflow_run", CODE, "github.event.workflow_run.event == 'push'", Never),
        ("workflow_run", CODE, "github.event.workflow_run.event != 'pull_request'", Never),
        ("workflow_run", CODE, "github.event.workflow_run.event == 'pull_request'", Always),
        ("workflow_run", CODE, "github.event.workflow_run.head_repository.full_name == github.repository", Never),
        ("workflow_run", CODE, "github.event.workflow_run.conclusion == 'success'", Open),
        ("pull_request", CODE, "github.ref == 'refs/heads/main'", Never),
        ("pull_request_target", CODE, "github.ref == 'refs/heads/main'", Open),
        ("push", CODE, "github.event.pull_request.head.repo.full_name == github.repository", Never),
        ("workflow_call", CODE, "github.event_name == 'push'", Open),
    ] {
        assert_eq!(of(event, theirs, text), expected, "{event} {theirs} {text}");
    }
}
