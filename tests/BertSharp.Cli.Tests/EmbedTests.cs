using System.Text.Json;

namespace BertSharp.Cli.Tests;

/// <summary><c>bert embed</c> and <c>bert similarity</c> against the vectors of sentence-transformers.</summary>
public sealed class EmbedTests
{
    private static readonly string[] Base = ["embed", "-m", "all-MiniLM-L6-v2"];

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Vectors_are_those_of_the_reference_in_the_order_of_the_texts(string build)
    {
        (string[] texts, float[][] expected) = Reference();
        string input = Workplace.Write($"reference-{build}.jsonl", string.Concat(texts.Select(text => JsonSerializer.Serialize(new Dictionary<string, string> { ["text"] = text }) + "\n")));
        ToolResult result = Tool.Of(build).Run([.. Base, "--input", input, "--format", "jsonl", "--batch-size", "7"]);
        Assert.Equal(0, result.ExitCode);
        JsonElement[] found = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(texts, found.Select(line => line.GetProperty("text").GetString()));
        Assert.All(expected.Zip(found), pair =>
        {
            float[] vector = Vector(pair.Second);
            Assert.Equal(pair.First.Length, vector.Length);
            Assert.All(pair.First.Zip(vector), values => Assert.Equal(values.First, values.Second, 2e-5f));
        });
    }

    [Fact]
    public void A_vector_does_not_depend_on_batch_threads_or_format()
    {
        RequireModel();
        string[] texts = ["A man is eating food.", "", "Ein Hund läuft. 狗在跑。"];
        string one = Run([.. texts, "--batch-size", "1", "--threads", "1", "--format", "jsonl"]).Succeeded().Output;
        Assert.Equal(one, Run([.. texts, "--threads", "2", "--format", "jsonl"]).Succeeded().Output);
        Assert.Equal(one.Split('\n')[2], Run([texts[2], "--format", "jsonl"]).Succeeded().Lines[0]);
        JsonElement array = JsonDocument.Parse(Run([.. texts, "--format", "json"]).Succeeded().Output).RootElement;
        Assert.Equal(one.TrimEnd('\n').Split('\n'), array.EnumerateArray().Select(element => element.GetRawText()));
        string[] text = Run(texts).Succeeded().Lines;
        Assert.Equal(Vector(array[0]), text[0].Split(' ').Select(value => float.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Truncation_normalisation_and_prompts_change_the_vector_as_they_say()
    {
        RequireModel();
        float[] full = Only("A man is eating food."), cut = Only("A man is eating food.", "--truncate-dim", "128");
        Assert.Equal(full[..128], cut);
        float[] unit = Only("A man is eating food.", "--truncate-dim", "128", "--normalize");
        Assert.Equal(1, unit.Sum(value => (double)value * value), 5);
        Assert.Equal(Only("query: who?"), Only("who?", "--prompt", "query: "));
        Run("x", "--prompt-name", "nothing").Failed(1, "no prompt 'nothing'");
        Run("x", "--truncate-dim", "385").Failed(1, "385", "384");
    }

    [Fact]
    public void Smaller_precisions_are_whole_numbers()
    {
        RequireModel();
        float[] full = Only("A man is eating food.");
        float[] bits = Only("A man is eating food.", "--precision", "ubinary");
        Assert.Equal(48, bits.Length);
        Assert.Equal(full.Select(value => value > 0), bits.SelectMany(value => Enumerable.Range(0, 8).Select(bit => ((int)value & (0x80 >> bit)) != 0)));
        Assert.Equal(bits.Select(value => value - 128), Only("A man is eating food.", "--precision", "binary"));
        float[] bytes = Only("A man is eating food.", "--precision", "uint8", "--calibration", "texts.txt");
        Assert.All(bytes, value => Assert.InRange(value, 0, 255));
        Assert.Equal(bytes.Select(value => value - 128), Only("A man is eating food.", "--precision", "int8", "--calibration", "texts.txt"));
        Run("x", "--precision", "int8").Failed(2, "--calibration");
    }

    [Fact]
    public void A_text_beyond_the_models_limit_says_so()
    {
        RequireModel();
        ToolResult result = Run("short", string.Join(' ', Enumerable.Repeat("word", 300)), "--format", "jsonl");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal([false, true], result.Lines.Select(line => line.EndsWith(",\"truncated\":true}", StringComparison.Ordinal)));
        Assert.StartsWith("bert: warning: 1 text was cut at 256 tokens, first text 2; ", Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Token_vectors_of_chosen_layers_have_the_shape_of_extract_features()
    {
        RequireModel();
        JsonElement line = JsonDocument.Parse(Run("Who eats?", "--tokens", "--layers", "-1,0", "--format", "jsonl").Succeeded().Output).RootElement;
        JsonElement[] tokens = [.. line.GetProperty("tokens").EnumerateArray()];
        Assert.Equal(["[CLS]", "who", "eats", "?", "[SEP]"], tokens.Select(token => token.GetProperty("token").GetString()));
        Assert.Equal((4, 8), (tokens[2].GetProperty("start").GetInt32(), tokens[2].GetProperty("end").GetInt32()));
        Assert.All(tokens, token => Assert.Equal([6, 0], token.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("index").GetInt32())));
        Assert.All(tokens, token => Assert.Equal(384, token.GetProperty("layers")[0].GetProperty("values").GetArrayLength()));
        string[] csv = Run("Who eats?", "--tokens", "--format", "csv").Succeeded().Lines;
        Assert.Equal("token,start,end,layer,values", csv[0]);
        Assert.StartsWith("who,0,3,6,", csv[2], StringComparison.Ordinal);
        Run("x", "--layers", "9").Failed(1, "no layer 9", "-7");
        Run("x", "--layers", "last").Failed(2, "'last'");
        Run("x", "--tokens", "--normalize").Failed(2, "--tokens");
    }

    [Fact]
    public void Bad_lines_end_the_run_or_are_reported_and_skipped()
    {
        RequireModel();
        string input = Workplace.Write("bad.jsonl", "{\"text\": \"one\"}\n{\"text\": 2}\nnonsense\n{\"text\": \"four\"}\n");
        ToolResult stopped = Run("--input", input, "--format", "jsonl");
        Assert.Equal(1, stopped.ExitCode);
        Assert.Single(stopped.Lines);
        Assert.Contains("bad.jsonl:2: \"text\" is Number; expected a string", stopped.Error, StringComparison.Ordinal);
        ToolResult skipped = Run("--input", input, "--format", "jsonl", "--skip-bad");
        Assert.Equal(0, skipped.ExitCode);
        Assert.Equal(["one", "four"], skipped.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()));
        Assert.Equal(2, skipped.Error.Split("; skipped\n").Length - 1);
        Assert.Contains("bad.jsonl:3: not a JSON object", skipped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_is_a_page_and_csv_a_table()
    {
        RequireModel();
        string page = Run("<a> & \"b\"", "--format", "html").Succeeded().Output;
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Contains("<td>&lt;a&gt; &amp; &quot;b&quot;</td>", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        string[] csv = Run("a, \"b\"", "--truncate-dim", "2", "--format", "csv").Succeeded().Lines;
        Assert.Equal("text,embedding", csv[0]);
        Assert.StartsWith("\"a, \"\"b\"\"\",", csv[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Results_go_to_a_file_and_input_is_named_once()
    {
        RequireModel();
        string output = Workplace.New();
        Assert.Equal("", Run("--input", "texts.txt", "--format", "json", "--output", output).Succeeded().Output);
        Assert.Equal(4, JsonDocument.Parse(File.ReadAllText(output)).RootElement.GetArrayLength());
        Run("text", "--input", "texts.txt").Failed(2, "--input");
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Similarity_scores_two_ranks_many_and_gives_the_matrix(string build)
    {
        RequireModel();
        Tool tool = Tool.Of(build);
        string[] similarity = ["similarity", "-m", "all-MiniLM-L6-v2"];
        Assert.Matches(@"^0\.\d{4}\n$", tool.Run([.. similarity, "A man is eating food.", "A man eats something."]).Succeeded().Output);
        string[] ranking = tool.Run([.. similarity, "Someone is on a horse.", "--input", "texts.txt", "--top", "2"]).Succeeded().Lines;
        Assert.Equal(2, ranking.Length);
        Assert.EndsWith("\tSomeone rides a horse.", ranking[0], StringComparison.Ordinal);
        JsonElement root = JsonDocument.Parse(tool.Run([.. similarity, "one", "two", "three", "--format", "json"]).Succeeded().Output).RootElement;
        Assert.Equal(["one", "two", "three"], root.GetProperty("texts").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal(1, root.GetProperty("scores")[1][1].GetDouble(), 5);
        Assert.Equal(root.GetProperty("scores")[0][2].GetDouble(), root.GetProperty("scores")[2][0].GetDouble());
        tool.Run(similarity).Failed(2, "first argument");
    }

    private static ToolResult Run(params string[] arguments) => Tool.Jit.Run([.. Base, .. arguments]);

    private static float[] Only(params string[] arguments) =>
        Vector(JsonDocument.Parse(Run([.. arguments, "--format", "jsonl"]).Succeeded().Output).RootElement);

    private static float[] Vector(JsonElement line) => [.. line.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle())];

    private static void RequireModel() => SharedData.Require("models", "real", "all-MiniLM-L6-v2");

    private static (string[] Texts, float[][] Vectors) Reference()
    {
        string folder = SharedData.Require("models", "real", "expected", "all-MiniLM-L6-v2");
        string[] texts = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "texts.json"))).RootElement.EnumerateArray().Select(text => text.GetString()!)];
        using Checkpoint checkpoint = Checkpoint.Open(Path.Combine(folder, "reference.safetensors"));
        Assert.True(checkpoint.TryFind("embeddings", out TensorInfo tensor));
        float[] all = new float[tensor.Count];
        checkpoint.Read(tensor, all);
        return (texts, [.. all.Chunk((int)tensor.Shape[1])]);
    }
}
