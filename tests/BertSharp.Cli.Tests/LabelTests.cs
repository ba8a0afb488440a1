using System.Text.Json;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Tests;

/// <summary><c>bert classify</c>, <c>zero-shot</c>, <c>fill-mask</c>, <c>score</c> and <c>rerank</c>: what the library answers, in every format.</summary>
public sealed class LabelTests
{
    private static readonly string[] Texts = ["A man is eating food.", "", "The \"end\", <b>& more</b>!"];

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Classify_gives_the_labels_of_texts_and_pairs_in_their_order(string build)
    {
        using TextClassifier classifier = TextClassifier.Load(RandomModels.Folder(RandomModels.Classifier));
        string input = Workplace.Write($"mixed-{build}.jsonl", """
            {"text": "a man"}
            {"text": "he eats", "text_pair": "she eats"}
            {"text": "food"}

            """);
        JsonElement[] found = Lines(Tool.Of(build).Run("classify", "-m", RandomModels.Classifier, "--input", input, "--format", "jsonl"));
        Assert.Equal(["a man", "he eats", "food"], found.Select(line => line.GetProperty("text").GetString()));
        Assert.Equal(classifier.Classify(["a man", "food"]), [LabelsOf(found[0]), LabelsOf(found[2])]);
        Assert.Equal(classifier.Classify([("he eats", "she eats")])[0], LabelsOf(found[1]));
        Assert.Equal("she eats", found[1].GetProperty("text_pair").GetString());
        ClassifyOptions raw = new() { TopK = 1, Function = ScoreFunction.None };
        JsonElement one = Lines(Tool.Of(build).Run("classify", "-m", RandomModels.Classifier, "he eats", "--pair", "she eats", "--top-k", "1", "--raw", "--format", "jsonl"))[0];
        Assert.Equal(classifier.Classify([("he eats", "she eats")], raw)[0], LabelsOf(one));
    }

    [Fact]
    public void Classify_shows_the_same_in_every_format()
    {
        using TextClassifier classifier = TextClassifier.Load(RandomModels.Folder(RandomModels.Classifier));
        IReadOnlyList<ClassLabel> labels = classifier.Classify([Texts[2]])[0];
        string[] command = ["classify", "-m", RandomModels.Classifier, Texts[2]];
        string[] text = Tool.Jit.Run(command).Succeeded().Lines;
        Assert.Equal([Texts[2], .. labels.Select(label => FormattableString.Invariant($"  {label.Score:0.0000}  {label.Label}"))], text);
        string[] csv = Tool.Jit.Run([.. command, "--format", "csv"]).Succeeded().Lines;
        Assert.Equal(["text,text_pair,label,score", .. labels.Select(label => FormattableString.Invariant($"\"The \"\"end\"\", <b>& more</b>!\",,{label.Label},{label.Score}"))], csv);
        string html = Tool.Jit.Run([.. command, "--format", "html"]).Succeeded().Output;
        Assert.Contains("&lt;b&gt;&amp; more&lt;/b&gt;!", html, StringComparison.Ordinal);
        Assert.All(labels, label => Assert.Contains(FormattableString.Invariant($"<td>{label.Label}</td><td class=\"number\">{label.Score:0.0000}</td><td><meter value=\"{label.Score}\"></meter></td>"), html, StringComparison.Ordinal));
        JsonElement array = JsonDocument.Parse(Tool.Jit.Run([.. command, "--format", "json"]).Succeeded().Output).RootElement;
        Assert.Equal(labels, LabelsOf(Assert.Single(array.EnumerateArray())));
    }

    [Fact]
    public void A_terminal_shows_bars_and_a_pipe_does_not()
    {
        Terminal colors = new(true, 80);
        Assert.Equal("  0.5000  \e[38;5;75m██████████          \e[0m  yes", ScoreBar.Line("yes", 0.5f, colors));
        Assert.Equal("  1.0000  \e[38;5;75m████████████████████\e[0m  yes", ScoreBar.Line("yes", 1, colors));
        Assert.Equal("  0.0100  \e[38;5;75m▎                   \e[0m  yes", ScoreBar.Line("yes", 0.0125f - 0.0025f, colors));
        Assert.Equal("  -7.2500  \e[38;5;75m                    \e[0m  raw", ScoreBar.Line("raw", -7.25f, colors));
        Assert.Equal("  0.5000  yes", ScoreBar.Line("yes", 0.5f, Terminal.Plain));
        Assert.DoesNotContain("meter", ScoreBar.Html([("raw", 1.5f)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_shot_takes_labels_template_and_limit()
    {
        using ZeroShotClassifier classifier = ZeroShotClassifier.Load(RandomModels.Folder(RandomModels.Nli));
        string[] command = ["zero-shot", "-m", RandomModels.Nli, "--labels", "food, sport,,man", "--format", "jsonl", .. Texts];
        Assert.Equal(classifier.Classify(Texts, ["food", "sport", "man"]), Lines(Tool.Jit.Run(command)).Select(LabelsOf));
        ZeroShotOptions options = new() { Template = "the {}", MultiLabel = true };
        Assert.Equal(
            classifier.Classify(Texts, ["food", "sport", "man"], options).Select(labels => labels[0]),
            Lines(Tool.Jit.Run([.. command, "--template", "the {}", "--multi-label", "--top-k", "1"])).Select(line => Assert.Single(LabelsOf(line))));
        Tool.Jit.Run("zero-shot", "-m", RandomModels.Nli, "--labels", ",", "x").Failed(2, "--labels", "commas");
        Tool.Jit.Run("zero-shot", "-m", RandomModels.Nli, "--labels", "a", "--template", "x", "x").Failed(2, "--template", "{}");
        ToolResult other = Tool.Jit.Run("zero-shot", "-m", RandomModels.Classifier, "--labels", "a", "x");
        Assert.Equal(0, other.ExitCode);
        Assert.Contains("the last one, positive, is taken", other.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Fill_mask_gives_guesses_for_one_mask_and_lists_for_several(string build)
    {
        using MaskFiller filler = MaskFiller.Load(RandomModels.Folder(RandomModels.MaskedLM));
        JsonElement[] found = Lines(Tool.Of(build).Run("fill-mask", "-m", RandomModels.MaskedLM, "--input", "masks.txt", "--top-k", "3", "--format", "jsonl"));
        IReadOnlyList<FilledText> expected = filler.Fill(File.ReadAllLines(Path.Combine(Workplace.Folder, "masks.txt")), new FillOptions { TopK = 3 });
        Assert.Equal(Pairs(expected[0].Guesses), GuessesOf(found[0].GetProperty("guesses")));
        Assert.Equal(expected[1].Masks.Select(Pairs), found[1].GetProperty("masks").EnumerateArray().Select(GuessesOf));
        Assert.Equal(2, expected[1].Masks.Count);
        string[] csv = Tool.Of(build).Run("fill-mask", "-m", RandomModels.MaskedLM, "--input", "masks.txt", "--top-k", "1", "--format", "csv").Succeeded().Lines;
        Assert.Equal("text,mask,token,score,sequence", csv[0]);
        Assert.StartsWith(FormattableString.Invariant($"[MASK] eats [MASK] food.,1,{expected[1].Masks[1][0].Token},{expected[1].Masks[1][0].Score},"), csv[3], StringComparison.Ordinal);

        static IEnumerable<(string, float)> Pairs(IReadOnlyList<Guess> guesses) => [.. guesses.Select(guess => (guess.Token, guess.Score))];
    }

    [Fact]
    public void Fill_mask_says_what_stands_for_a_target()
    {
        string[] command = ["fill-mask", "-m", RandomModels.MaskedLM, "[MASK] eats.", "--format", "jsonl", "--targets"];
        Assert.Equal(["he", "she"], GuessesOf(Lines(Tool.Jit.Run([.. command, "she,he"]))[0].GetProperty("guesses")).Select(guess => guess.Token).Order());
        ToolResult pieces = Tool.Jit.Run([.. command, "paris,eating"]);
        Assert.Equal(0, pieces.ExitCode);
        Assert.Equal("bert: warning: the target 'eating' is no single token of the model; its first piece 'eat' stands for it", pieces.Error.TrimEnd());
        Tool.Jit.Run([.. command, ","]).Failed(2, "--targets");
    }

    [Fact]
    public void A_line_without_a_mask_is_an_error_with_its_place_or_skipped()
    {
        string input = Workplace.Write("some-masks.txt", "[MASK] one\nnone\n[MASK] two\n" + string.Join(' ', Enumerable.Repeat("food", 126)) + " [MASK]\n");
        ToolResult stopped = Tool.Jit.Run("fill-mask", "-m", RandomModels.MaskedLM, "--input", input, "--format", "jsonl");
        stopped.Failed(1, "some-masks.txt:2: there is no mask; write [MASK]");
        Assert.Single(stopped.Lines);
        ToolResult skipped = Tool.Jit.Run("fill-mask", "-m", RandomModels.MaskedLM, "--input", input, "--format", "jsonl", "--skip-bad");
        Assert.Equal((0, 2), (skipped.ExitCode, skipped.Lines.Length));
        Assert.Contains("some-masks.txt:4: of 1 masks ([MASK]) 0 are within the 128 tokens", skipped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_gives_log_probability_tokens_and_perplexity()
    {
        using SentenceScorer scorer = SentenceScorer.Load(RandomModels.Folder(RandomModels.MaskedLM));
        IReadOnlyList<SentenceScore> expected = scorer.Score(Texts);
        JsonElement[] found = Lines(Tool.Jit.Run(["score", "-m", RandomModels.MaskedLM, "--format", "jsonl", .. Texts]));
        Assert.Equal(
            expected.Select(score => (score.LogProbability, score.TokenCount, score.PseudoPerplexity)),
            found.Select(line => (line.GetProperty("score").GetDouble(), line.GetProperty("tokens").GetInt32(), line.GetProperty("perplexity").GetDouble())));
        Assert.Equal((0, 1.0), (expected[1].TokenCount, expected[1].PseudoPerplexity));
        Assert.Equal(
            FormattableString.Invariant($"{expected[0].PseudoPerplexity:0.000}\t{expected[0].LogProbability:0.000}\t{expected[0].TokenCount}\t{Texts[0]}"),
            Tool.Jit.Run("score", "-m", RandomModels.MaskedLM, Texts[0]).Succeeded().Lines[0]);
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Rerank_sorts_arguments_and_files_the_same_whatever_the_batches(string build)
    {
        using Reranker reranker = Reranker.Load(RandomModels.Folder(RandomModels.CrossEncoder));
        string[] documents = [.. Enumerable.Range(0, 30).Select(i => string.Join(' ', Enumerable.Repeat("food eats man".Split(' ')[i % 3], 1 + (i % 11))))];
        string input = Workplace.Write($"documents-{build}.txt", string.Join('\n', documents) + "\n");
        (string, string, float)[] expected = [.. reranker.Rank("who eats", documents, topK: 7).Select(document => ($"{document.Index}", document.Text, document.Score))];
        string[] command = ["rerank", "-m", RandomModels.CrossEncoder, "--top-k", "7", "--format", "jsonl", "who eats"];
        Assert.Equal(expected, ResultsOf(Tool.Of(build).Run([.. command, .. documents])));
        Assert.Equal(expected, ResultsOf(Tool.Of(build).Run([.. command, "--input", input, "--batch-size", "4"])));
        float raw = reranker.Score("who eats", documents[0], new RerankOptions { Function = ScoreFunction.None });
        Assert.Equal([("0", documents[0], raw)], ResultsOf(Tool.Of(build).Run([.. command, documents[0], "--raw"])));
    }

    [Fact]
    public void Rerank_names_documents_by_their_column_and_refuses_what_it_cannot_rank()
    {
        string[] lines = Tool.Jit.Run("rerank", "-m", RandomModels.CrossEncoder, "no", "--input", "texts.csv", "--column", "title", "--id-column", "id", "--format", "csv").Succeeded().Lines;
        Assert.Equal("query,id,text,score", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("no,1,\"A man, eating\",", StringComparison.Ordinal));
        Tool.Jit.Run("rerank", "-m", RandomModels.CrossEncoder).Failed(2, "needs a query");
        Tool.Jit.Run("rerank", "-m", RandomModels.CrossEncoder, "a", "b", "--input", "texts.txt").Failed(2, "--input");
        Tool.Jit.Run("rerank", "-m", RandomModels.Classifier, "a", "b").Failed(1, "2 labels", "bert classify");
    }

    [Fact]
    public void A_text_beyond_the_limit_says_so()
    {
        string words = string.Join(' ', Enumerable.Repeat("food", 200));
        string[][] commands = [["classify", "-m", RandomModels.Classifier], ["score", "-m", RandomModels.MaskedLM], ["zero-shot", "-m", RandomModels.Nli, "--labels", "man"]];
        foreach (string[] command in commands)
        {
            ToolResult result = Tool.Jit.Run([.. command, "--format", "jsonl", "man", words]);
            Assert.Equal([false, true], result.Lines.Select(line => line.EndsWith(",\"truncated\":true}", StringComparison.Ordinal)));
            Assert.StartsWith("bert: warning: 1 text was cut at 128 tokens, first text 2; ", result.Error, StringComparison.Ordinal);
        }
    }

    private static JsonElement[] Lines(ToolResult result) => [.. result.Succeeded().Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    private static IReadOnlyList<ClassLabel> LabelsOf(JsonElement line) =>
        [.. line.GetProperty("labels").EnumerateArray().Select(label => new ClassLabel(label.GetProperty("label").GetString()!, label.GetProperty("score").GetSingle()))];

    private static IEnumerable<(string Token, float Score)> GuessesOf(JsonElement guesses) =>
        [.. guesses.EnumerateArray().Select(guess => (guess.GetProperty("token").GetString()!, guess.GetProperty("score").GetSingle()))];

    private static IEnumerable<(string, string, float)> ResultsOf(ToolResult result)
    {
        JsonElement line = Assert.Single(Lines(result));
        Assert.Equal("who eats", line.GetProperty("query").GetString());
        return [.. line.GetProperty("results").EnumerateArray().Select(item => (item.GetProperty("id").GetString()!, item.GetProperty("text").GetString()!, item.GetProperty("score").GetSingle()))];
    }
}
