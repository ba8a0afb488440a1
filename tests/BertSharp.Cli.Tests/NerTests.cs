using System.Text.Json;

namespace BertSharp.Cli.Tests;

/// <summary><c>bert ner</c> against transformers' pipeline, and as a page, a table and lines.</summary>
public sealed class NerTests
{
    private const string Ada = "Ada Lovelace lived in London.";

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Entities_are_those_of_the_reference(string build)
    {
        JsonElement reference = Reference();
        JsonElement[] results = [.. reference.GetProperty("results").EnumerateArray()];
        string input = Workplace.Write($"ner-{build}.jsonl", Lines(results));
        JsonElement[] found = Run(Tool.Of(build), "--input", input, "--aggregation", "max", "--format", "jsonl");
        Assert.Equal(results.Select(result => result.GetProperty("text").GetString()), found.Select(line => line.GetProperty("text").GetString()));
        Assert.All(results.Zip(found), pair => AssertEqual(pair.First.GetProperty("max"), pair.Second));
    }

    [Fact]
    public void A_long_text_is_read_in_windows_or_cut_with_a_warning()
    {
        JsonElement expected = Reference().GetProperty("long");
        string input = Workplace.Write("ner-long.jsonl", Lines([expected]));
        AssertEqual(expected.GetProperty("first"), Run(Tool.Jit, "--input", input, "--max-tokens", "256", "--stride", "64", "--format", "jsonl").Single());
        ToolResult cut = Tool.Jit.Run("ner", "-m", "minilm-wnut17", "--input", input, "--max-tokens", "256", "--format", "jsonl");
        Assert.Equal(0, cut.ExitCode);
        Assert.EndsWith(",\"truncated\":true}\n", cut.Output, StringComparison.Ordinal);
        Assert.Equal($"bert: warning: 1 text was cut at 256 tokens, first {input}:1; read the rest with --stride\n", cut.Error);
    }

    [Fact]
    public void An_object_has_the_promised_properties()
    {
        JsonElement line = Run(Tool.Jit, Ada, "--format", "jsonl").Single();
        Assert.Equal(["text", "entities"], line.EnumerateObject().Select(property => property.Name));
        JsonElement entity = line.GetProperty("entities")[0];
        Assert.Equal(["label", "score", "start", "end", "word"], entity.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("person", 0, 12, "ada lovelace"), (entity.GetProperty("label").GetString(), entity.GetProperty("start").GetInt32(), entity.GetProperty("end").GetInt32(), entity.GetProperty("word").GetString()));
    }

    [Fact]
    public void Text_has_brackets_in_a_pipe_csv_a_row_an_entity_and_html_marks()
    {
        Reference();
        Assert.Equal(["[Ada Lovelace person] lived in [London location].", "nothing"], Tool.Jit.Run("ner", "-m", "minilm-wnut17", Ada, "nothing").Succeeded().Lines);
        string[] csv = Tool.Jit.Run("ner", "-m", "minilm-wnut17", "nothing", Ada, "--format", "csv").Succeeded().Lines;
        Assert.Equal("text,label,score,start,end,word", csv[0]);
        Assert.Equal(2, csv.Length - 1);
        Assert.Matches(@"^Ada Lovelace lived in London\.,location,0\.9\d+,22,28,london$", csv[2]);
        string page = Tool.Jit.Run("ner", "-m", "minilm-wnut17", "<" + Ada, "--format", "html").Succeeded().Output;
        Assert.Contains("<article>&lt;<mark style=\"background: hsl(", page, StringComparison.Ordinal);
        Assert.Contains("\">London<small>location</small></mark>.</article>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_cannot_be_are_refused()
    {
        Reference();
        Tool.Jit.Run("ner", "-m", "minilm-wnut17", "--aggregation", "none", "--stride", "4", Ada).Failed(2, "--stride", "--aggregation");
        Tool.Jit.Run("ner", "-m", "minilm-wnut17", "--aggregation", "best", Ada).Failed(2, "best", "average");
        Tool.Jit.Run("ner", "-m", "minilm-wnut17", "--max-tokens", "513", Ada).Failed(2, "--max-tokens is 513", "at most 512");
        Tool.Jit.Run("ner", "-m", "minilm-squad", Ada).Failed(1, "classifier.weight");
    }

    private static JsonElement Reference() =>
        JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("models", "real", "expected", "minilm-wnut17", "pipeline.json"))).RootElement;

    private static string Lines(IEnumerable<JsonElement> results) =>
        string.Concat(results.Select(result => JsonSerializer.Serialize(new Dictionary<string, string?> { ["text"] = result.GetProperty("text").GetString() }) + "\n"));

    private static JsonElement[] Run(Tool tool, params string[] arguments) =>
        [.. tool.Run(["ner", "-m", "minilm-wnut17", .. arguments]).Succeeded().Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    private static void AssertEqual(JsonElement expected, JsonElement line)
    {
        JsonElement[] given = [.. expected.EnumerateArray()], found = [.. line.GetProperty("entities").EnumerateArray()];
        Assert.Equal(given.Select(Place), found.Select(Place));
        Assert.All(given.Zip(found), pair => Assert.Equal(pair.First.GetProperty("score").GetDouble(), pair.Second.GetProperty("score").GetDouble(), 1e-4));

        static (string?, int, int, string?) Place(JsonElement entity) =>
            (entity.GetProperty("label").GetString(), entity.GetProperty("start").GetInt32(), entity.GetProperty("end").GetInt32(), entity.GetProperty("word").GetString());
    }
}
