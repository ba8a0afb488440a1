using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>Names of models and revisions, and that the library finds what was downloaded under them.</summary>
public sealed class HubNameTests
{
    [Theory]
    [InlineData("bert-base-uncased", "bert-base-uncased", "main")]
    [InlineData("BAAI/bge-small-en-v1.5", "BAAI/bge-small-en-v1.5", "main")]
    [InlineData("a/b@v1.0", "a/b", "v1.0")]
    [InlineData("a/b@refs/pr/12", "a/b", "refs/pr/12")]
    [InlineData("google/bert_uncased_L-2_H-128_A-2@0123456789abcdef0123456789abcdef01234567", "google/bert_uncased_L-2_H-128_A-2", "0123456789abcdef0123456789abcdef01234567")]
    public void A_name_and_its_revision_are_read_and_resolve(string text, string name, string revision)
    {
        HubName parsed = HubName.Parse(text);
        Assert.Equal((name, revision), (parsed.Name, parsed.Revision));
        string cache = Workplace.New();
        CachedModel model = new(cache, name);
        string commit = revision.Length == 40 ? revision : TinyModel.Commit;
        model.Place(commit, [], links: true);
        model.Refer(revision, commit);
        Assert.Equal(model.Snapshot(commit), ModelFolder.Resolve(text, variable => variable == "HF_HUB_CACHE" ? cache : null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("../a")]
    [InlineData("a--b")]
    [InlineData("a..b")]
    [InlineData("-a")]
    [InlineData("a.")]
    [InlineData("a.git")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("a\\b")]
    [InlineData("a:b")]
    [InlineData("https://huggingface.co/a/b")]
    [InlineData("@main")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456")]
    public void What_is_no_name_is_refused(string text) => Refused(text, "no name of a model on the Hub");

    [Theory]
    [InlineData("a@")]
    [InlineData("a@../b")]
    [InlineData("a@/b")]
    [InlineData("a@b/")]
    [InlineData("a@b//c")]
    [InlineData("a@.b")]
    [InlineData("a@b.lock")]
    [InlineData("a@b c")]
    [InlineData("a@b\\c")]
    [InlineData("a@b:c")]
    [InlineData("a@b~1")]
    [InlineData("a@-b")]
    [InlineData("a@b\n")]
    public void What_is_no_revision_is_refused(string text) => Refused(text, "no name of a revision");

    private static void Refused(string text, string words)
    {
        CliException error = Assert.Throws<CliException>(() => HubName.Parse(text));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }
}
