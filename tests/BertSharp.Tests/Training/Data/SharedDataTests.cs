namespace BertSharp.Tests;

/// <summary>
/// Every labelled set beside the project is read, with the number of examples that it has. The numbers were counted by other means
/// (wc, awk, Python's json), and are those that the sets' authors publish where a set is whole.
/// </summary>
public sealed class SharedDataTests
{
    private static readonly DataOptions Cola = new() { Columns = DataOptions.ParseColumns("text=4,label=2"), Header = false };
    private static readonly DataOptions Sentence = new() { Columns = DataOptions.ParseColumns("text=sentence") };
    private static readonly DataOptions Mrpc = new() { Columns = DataOptions.ParseColumns("label=Quality,text=#1 String,text_pair=#2 String") };
    private static readonly DataOptions Rte = new() { Columns = DataOptions.ParseColumns("text=sentence1,text_pair=sentence2") };
    private static readonly DataOptions Qnli = new() { Columns = DataOptions.ParseColumns("text=question,text_pair=sentence") };

    public static TheoryData<string, string, int, string, int> Classified => new()
    {
        // SST-2-val.parquet holds the 872 rows of dev.tsv over again; parquet is not read.
        { "sst2/train.tsv", nameof(Sentence), 67349, "1", 37569 },
        { "sst2/dev.tsv", nameof(Sentence), 872, "1", 444 },
        { "sst2/test-labeled.tsv", nameof(Sentence), 1821, "1", 904 },
        { "cola/train.tsv", nameof(Cola), 7250, "1", 5088 },
        { "cola/val.tsv", nameof(Cola), 1301, "1", 935 },
        { "cola/dev.tsv", nameof(Cola), 1043, "1", 721 },
        { "cola/test.tsv", nameof(Sentence), 1063, "", 0 },
        { "mrpc/msr-para-train.tsv", nameof(Mrpc), 3576, "1", 2407 },
        { "mrpc/msr-para-val.tsv", nameof(Mrpc), 500, "1", 346 },
        { "mrpc/msr-para-test.tsv", nameof(Mrpc), 1725, "1", 1147 },
        { "rte/train.tsv", nameof(Rte), 2490, "entailment", 1249 },
        { "rte/dev.tsv", nameof(Rte), 277, "entailment", 146 },
        { "rte/test.tsv", nameof(Rte), 3000, "", 0 },
        { "qnli/dev.tsv", nameof(Qnli), 5463, "entailment", 2702 },
    };

    [Theory]
    [MemberData(nameof(Classified))]
    public void Glue_is_read_whole(string file, string options, int count, string label, int labelled)
    {
        IReadOnlyList<TextExample> examples = TextExample.Read(SharedData.Require("data", file), options switch
        {
            nameof(Cola) => Cola,
            nameof(Mrpc) => Mrpc,
            nameof(Rte) => Rte,
            nameof(Qnli) => Qnli,
            _ => Sentence,
        });
        Assert.Equal(count, examples.Count);
        Assert.All(examples, example => Assert.True(example.Text.Length > 0 && example.TextPair is null == options is nameof(Cola) or nameof(Sentence) && example.TextPair != "", example.Place));
        Assert.Equal(labelled, label == "" ? examples.Count(example => example.Labels is not null) : examples.Count(example => example.Label == label));
    }

    [Fact]
    public void A_quote_that_opens_a_field_of_glue_is_a_character()
    {
        TextExample quoted = TextExample.Read(SharedData.Require("data/mrpc/msr-para-train.tsv"), Mrpc).First(example => example.Text.StartsWith('"'));
        Assert.Equal("\"I think you'll see a lot of job growth in the next two years,\" he said, adding the growth could replace jobs lost.", quoted.Text);
        Assert.EndsWith("msr-para-train.tsv:22", quoted.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Sts_benchmark_is_read_whole()
    {
        List<string> bad = [];
        IReadOnlyList<ScoredPair> train = StsBenchmark.Train(bad.Add), dev = StsBenchmark.Dev(), test = StsBenchmark.Test();
        Assert.Equal((5749, 1500, 1379), (train.Count + bad.Count, dev.Count, test.Count));
        Assert.All([.. train, .. dev, .. test], pair => Assert.InRange(pair.Score, 0, 5));
        Assert.Contains("A dog in a \"superman\" shirt sleeps on a blanket.", train.Select(pair => pair.Sentence1));

        // A spreadsheet has damaged the training file: 31 rows lost their second sentence (at a semicolon, or both are in the first
        // with a tab between), 14 scores such as 2.11111111111111 became 211.111.111.111.111.
        Assert.Equal((31, 14), (bad.Count(message => message.EndsWith("\"sentence2\" is empty; expected a text", StringComparison.Ordinal)), bad.Count(message => message.Contains("expected a number", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("wnut17train.conll", 3394, 62730, 13)]
    [InlineData("emerging.dev.conll", 1009, 15733, 13)]
    [InlineData("emerging.test.conll", 1287, 23394, 82)]
    [InlineData("emerging.test.annotated", 1287, 23394, 13)]
    public void Wnut17_is_read_whole(string file, int sentences, int words, int tags)
    {
        IReadOnlyList<TaggedWords> examples = TaggedWords.Read(SharedData.Require("data/wnut17", file));
        Assert.Equal((sentences, words), (examples.Count, examples.Sum(example => example.Tokens.Count)));
        Assert.Equal(tags, examples.SelectMany(example => example.Tags).Distinct().Count());
    }

    [Fact]
    public void Words_without_tags_are_refused() => Assert.Contains("emerging.test:1: expected a word with its tag", Assert.Throws<BadRecordException>(
        () => TaggedWords.Read(SharedData.Require("data/wnut17/emerging.test"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Squad_is_read_whole()
    {
        IReadOnlyList<SquadQuestion> first = SquadDev.Read(), second = SquadQuestion.Read(SharedData.Require("data/squad/v2-fixture/dev-v2-small.json"));
        Assert.Equal((48, 2067, 10570, 34726), (first.DistinctBy(question => question.Title).Count(), first.DistinctBy(question => question.Context).Count(), first.Count, first.Sum(question => question.Answers.Count)));
        Assert.Equal((300, 120, 595), (second.Count, second.Count(question => question.Answers.Count == 0), second.Sum(question => question.Answers.Count)));
        Assert.Equal(10570, first.DistinctBy(question => question.Id).Count());
    }

    [Fact]
    public void Scifact_is_read_whole()
    {
        RetrievalSet set = RetrievalSet.Read(SharedData.Require("data/scifact"));
        Assert.Equal((5183, 300, 339), (set.Documents.Count, set.Queries.Count, set.Judgments.Values.Sum(documents => documents.Count)));
        Assert.StartsWith("Microstructural development of human newborn cerebral white matter assessed in vivo by diffusion tensor magnetic resonance imaging. Alterations of", set.Documents[0].Text, StringComparison.Ordinal);
        HashSet<string> documents = [.. set.Documents.Select(document => document.Id)];
        Assert.All(set.Judgments.Values.SelectMany(judged => judged.Keys), id => Assert.Contains(id, documents));
    }

    [Fact]
    public void Cranfield_is_read_whole()
    {
        RetrievalSet set = Cranfield.Read();
        Assert.Equal((1400, 225, 1837), (set.Documents.Count, set.Queries.Count, set.Judgments.Values.Sum(documents => documents.Count)));
        Assert.Equal(["471", "995"], set.Documents.Where(document => document.Text.Length == 0).Select(document => document.Id));
        Assert.StartsWith("what similarity laws must be obeyed", set.Queries[0].Text, StringComparison.Ordinal);
        Assert.Equal(set.Queries.Select(query => query.Id).Order(), set.Judgments.Keys.Order());
    }
}
