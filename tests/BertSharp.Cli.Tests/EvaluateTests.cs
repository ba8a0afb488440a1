using System.Text.Json;

namespace BertSharp.Cli.Tests;

/// <summary><c>bert evaluate</c>: the figures of the library, and what it says of files that it cannot use.</summary>
public sealed class EvaluateTests
{
    private static readonly string[] Classify = ["evaluate", "-m", RandomModels.Classifier, "--task", "classify", "--data"];

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Classes_are_measured_as_the_model_labels_them(string build)
    {
        using TextClassifier classifier = TextClassifier.Load(RandomModels.Folder(RandomModels.Classifier));
        string[] found = [.. ((string[])["a man is eating", "the food", "he eats"]).Select(text => classifier.Classify(text).Label == "positive" ? "1" : "0")];
        double accuracy = found.Zip(["1", "0", "1"]).Count(pair => pair.First == pair.Second) / 3.0;
        JsonElement result = Json(Tool.Of(build).Run([.. Classify, "reviews.tsv", "--columns", "text=sentence", "--labels", "0,1", "--format", "json"]));
        Assert.Equal(("classify", 3), (result.GetProperty("task").GetString(), result.GetProperty("examples").GetInt32()));
        Assert.Equal(accuracy, result.GetProperty("figures").GetProperty("accuracy").GetDouble(), 1e-12);
        Assert.Equal(["accuracy", "precision", "recall", "f1", "matthews"], result.GetProperty("figures").EnumerateObject().Select(figure => figure.Name));
    }

    [Fact]
    public void What_cannot_be_used_is_one_line_with_its_place()
    {
        Tool.Jit.Run([.. Classify, "reviews.tsv"]).Failed(1, "reviews.tsv:1: no column 'text' among the titles sentence, label");
        Tool.Jit.Run([.. Classify, "reviews.tsv", "--columns", "text=sentence"]).Failed(1, "reviews.tsv:2: the label '1' is none of negative, positive");
        Tool.Jit.Run([.. Classify, "reviews.tsv", "--columns", "text=sentence", "--labels", "0,1,2"]).Failed(2, "--labels has 3 names", "2 labels");
        Tool.Jit.Run([.. Classify, "reviews.tsv", "--columns", "text"]).Failed(1, "'text'", "text=sentence");
        Tool.Jit.Run([.. Classify, "reviews.tsv", "--delimiter", "ab"]).Failed(2, "--delimiter is 'ab'");
        Tool.Jit.Run([.. Classify, "nothing.tsv"]).Failed(1, "nothing.tsv", "no such file");
        string bad = Workplace.Write("evaluate-bad.tsv", "text\tlabel\na man\tpositive\n\tnegative\nfood\tnegative\n");
        Tool.Jit.Run([.. Classify, bad]).Failed(1, "evaluate-bad.tsv:3: \"text\" is empty");
        ToolResult skipped = Tool.Jit.Run([.. Classify, bad, "--skip-bad"]);
        Assert.Equal(0, skipped.ExitCode);
        Assert.Contains("evaluate-bad.tsv:3: \"text\" is empty; expected a text; skipped", skipped.Error, StringComparison.Ordinal);
        Assert.Matches(@"^figure +value\nexamples +2\naccuracy +\d\.\d{4}\n", skipped.Output);
    }

    [Fact]
    public void Answers_and_their_absence_are_measured()
    {
        SharedData.Require("models", "real", "minilm-squad");
        JsonElement figures = Json(Tool.Jit.Run("evaluate", "-m", "minilm-squad", "--task", "answer", "--data", "answers.jsonl", "--format", "json")).GetProperty("figures");
        Assert.Equal(100, figures.GetProperty("HasAns_exact").GetDouble());
        Assert.InRange(figures.GetProperty("best_f1").GetDouble(), figures.GetProperty("f1").GetDouble(), 100);
    }

    [Fact]
    public void Choices_and_documents_are_measured_as_the_tasks_order_them()
    {
        using MultipleChoiceSolver solver = MultipleChoiceSolver.Load(RandomModels.Folder(RandomModels.MultipleChoice));
        int best = solver.Solve("the man", ["he eats", "the food"]).Index;
        string choices = Workplace.Write("choices.jsonl", string.Concat(((int[])[best, 1 - best, best]).Select(label => $"{{\"text\": \"the man\", \"choices\": [\"he eats\", \"the food\"], \"label\": {label}}}\n")));
        JsonElement choice = Json(Tool.Jit.Run("evaluate", "-m", RandomModels.MultipleChoice, "--task", "choice", "--data", choices, "--format", "json"));
        Assert.Equal((3, 2.0 / 3), (choice.GetProperty("examples").GetInt32(), choice.GetProperty("figures").GetProperty("accuracy").GetDouble()));

        using Reranker reranker = Reranker.Load(RandomModels.Folder(RandomModels.CrossEncoder));
        string[] documents = ["he eats", "the food", "a man is eating"];
        int second = reranker.Rank("the man", documents)[1].Index;
        string judged = Workplace.Write("judged.tsv", "text\ttext_pair\tlabel\n" + string.Concat(documents.Select((document, i) => $"the man\t{document}\t{(i == second ? 1 : 0)}\n")));
        JsonElement rerank = Json(Tool.Jit.Run("evaluate", "-m", RandomModels.CrossEncoder, "--task", "rerank", "--data", judged, "--format", "json"));
        Assert.Equal(0.5, rerank.GetProperty("figures").GetProperty("recip_rank").GetDouble());
        Tool.Jit.Run("evaluate", "-m", RandomModels.Classifier, "--task", "rerank", "--data", judged).Failed(1, "has 2 labels; a reranker has one score");
        Tool.Jit.Run("evaluate", "-m", RandomModels.CrossEncoder, "--task", "rerank", "--data", "reviews.tsv", "--columns", "text=sentence").Failed(1, "reviews.tsv:2: the example has no \"text_pair\"");
    }

    /// <summary>The figures of the reference for these heads and sets, and those that are published.</summary>
    [Fact]
    [Trait("suite", "long")]
    public void Real_sets_have_the_figures_of_the_reference()
    {
        string data = SharedData.Require("data");
        SharedData.Require("models", "real", "minilm-wnut17");
        JsonElement names = Json(Tool.Jit.Within(20).Run("evaluate", "-m", "minilm-wnut17", "--task", "tokens", "--data", Path.Combine(data, "wnut17", "emerging.test.annotated"), "--format", "json"));
        Assert.Equal(2.0 * 420 / (818 + 1079), names.GetProperty("figures").GetProperty("f1").GetDouble(), 1e-12);
        string[] columns = ["--delimiter", "tab", "--header", "no", "--columns", "score=5,sentence1=6,sentence2=7"];
        JsonElement pairs = Json(Tool.Jit.Within(20).Run(["evaluate", "-m", "all-MiniLM-L6-v2", "--task", "embed", "--data", Path.Combine(data, "stsbenchmark", "sts-test.csv"), "--format", "json", .. columns]));
        Assert.Equal(0.8203, pairs.GetProperty("figures").GetProperty("spearman").GetDouble(), 4);
        JsonElement search = Json(Tool.Jit.Within(30).Run("evaluate", "-m", "all-MiniLM-L6-v2", "--task", "retrieval", "--data", Path.Combine(data, "scifact"), "--format", "json"));
        Assert.Equal(0.645, search.GetProperty("figures").GetProperty("ndcg_cut_10").GetDouble(), 0.0005);
    }

    private static JsonElement Json(ToolResult result) => JsonElement.Parse(result.Succeeded().Output);
}
