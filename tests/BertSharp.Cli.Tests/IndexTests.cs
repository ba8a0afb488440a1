using System.Globalization;
using System.Text.Json;

namespace BertSharp.Cli.Tests;

/// <summary><c>bert index</c> and <c>bert search</c> as processes.</summary>
public sealed class IndexTests
{
    private const string Model = "all-MiniLM-L6-v2";

    private static readonly string[] Base = ["index", "-m", Model];

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void What_was_indexed_is_found_in_every_precision(string build)
    {
        RequireModel();
        Tool tool = Tool.Of(build);
        foreach (string precision in (string[])["float32", "int8", "binary"])
        {
            string index = Workplace.New();
            Assert.Equal("", tool.Run([.. Base, "--input", "texts.txt", "--precision", precision, "--output", index]).Succeeded().Output);
            ToolResult found = tool.Run("search", index, "Who is on a horse?", "Somebody eats.", "--top-k", "2", "--format", "jsonl");
            JsonElement[] lines = [.. found.Succeeded().Lines.Select(line => JsonDocument.Parse(line).RootElement)];
            Assert.Equal(["Who is on a horse?", "Somebody eats."], lines.Select(line => line.GetProperty("query").GetString()));
            Assert.Equal(["3", "0"], lines.Select(line => line.GetProperty("results")[0].GetProperty("id").GetString()));
            Assert.Equal("Someone rides a horse.", lines[0].GetProperty("results")[0].GetProperty("text").GetString());
            Assert.All(lines, line => Assert.Equal(2, line.GetProperty("results").GetArrayLength()));
            Assert.All(lines, line => Assert.InRange(line.GetProperty("results")[0].GetProperty("score").GetSingle(), 0.3f, 0.9f));
        }
    }

    [Fact]
    public void The_score_is_the_similarity_of_the_two_texts()
    {
        RequireModel();
        string index = Indexed("--input", "texts.txt");
        string score = Tool.Jit.Run("similarity", "-m", Model, "Who eats?", "A man is eating food.").Succeeded().Output.Trim();
        Assert.Equal($"{score}\t0\tA man is eating food.", Tool.Jit.Run("search", index, "Who eats?").Succeeded().Lines[1]);
    }

    [Fact]
    public void Columns_are_joined_and_ids_are_kept_in_every_format()
    {
        RequireModel();
        string input = Workplace.Write("papers.jsonl", """
            {"id": "a7", "title": "Horses", "text": "are ridden."}
            {"id": 12, "title": "Food, \"eaten\"", "text": "<by> men"}

            """);
        string queries = Workplace.Write("queries.jsonl", "{\"id\": \"q1\", \"text\": \"What is eaten?\"}\n");
        string index = Indexed("--input", input, "--column", "title,text", "--id-column", "id");
        string[] search = ["search", index, "--input", queries, "--id-column", "id", "--top-k", "1"];
        JsonElement line = JsonDocument.Parse(Tool.Jit.Run([.. search, "--format", "jsonl"]).Succeeded().Output).RootElement;
        Assert.Equal(("q1", "What is eaten?"), (line.GetProperty("id").GetString(), line.GetProperty("query").GetString()));
        JsonElement result = line.GetProperty("results")[0];
        Assert.Equal(("12", "Food, \"eaten\" <by> men"), (result.GetProperty("id").GetString(), result.GetProperty("text").GetString()));
        string[] csv = Tool.Jit.Run([.. search, "--format", "csv"]).Succeeded().Lines;
        Assert.Equal("query,rank,id,score,text", csv[0]);
        Assert.Matches("^q1,1,12,0\\.\\d+,\"Food, \"\"eaten\"\" <by> men\"$", csv[1]);
        string html = Tool.Jit.Run([.. search, "--format", "html"]).Succeeded().Output;
        Assert.Contains("&lt;by&gt; men</td></tr></table></article>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_beyond_the_models_limit_says_so()
    {
        RequireModel();
        ToolResult result = Tool.Jit.Run([.. Base, "short", string.Join(' ', Enumerable.Repeat("word", 300)), "--output", Workplace.New()]);
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("bert: warning: 1 text was cut at 256 tokens, first text 2; ", Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_say_what_to_do()
    {
        RequireModel();
        string index = Indexed("--input", "texts.txt");
        Tool.Jit.Run("search", "model/model.safetensors", "x").Failed(1, "no index", "bert index");
        Tool.Jit.Run("search", "no-such.index", "x").Failed(1, "no-such.index");
        Tool.Jit.Run([.. Base, "--input", "texts.txt"]).Failed(2, "--output");
        Tool.Jit.Run([.. Base, "--input", "texts.txt", "--output", Workplace.Folder]).Failed(2, "folder");
        Tool.Jit.Run([.. Base, "--input", "texts.txt", "--output", "x", "--precision", "int4"]).Failed(2, "int4");
        Tool.Jit.Run("search", index, "x", "--top-k", "0").Failed(2, "--top-k");
    }

    [Fact]
    public void A_bad_line_leaves_no_index_and_the_old_one_as_it_was()
    {
        RequireModel();
        string output = Path.Combine(Directory.CreateDirectory(Workplace.New()).FullName, "old.index");
        File.WriteAllText(output, "old");
        string input = Workplace.Write("bad.jsonl", "{\"text\": \"good\"}\n{\"text\": 3}\n");
        Tool.Jit.Run([.. Base, "--input", input, "--output", output]).Failed(1, "bad.jsonl:2");
        Assert.Equal("old", File.ReadAllText(output));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(output)!));
    }

    [Fact]
    public void Ctrl_C_leaves_no_index()
    {
        RequireModel();
        string folder = Directory.CreateDirectory(Workplace.New()).FullName;
        using System.Diagnostics.Process process = Tool.Jit.Start([.. Base, "--output", Path.Combine(folder, "x.index")]);

        // More than a pipe and the tool's buffer hold: once it is written, the tool is in the middle of its work.
        for (int i = 0; i < 12_000; i++)
        {
            process.StandardInput.WriteLine($"text number {i}");
        }

        process.StandardInput.Flush(); // And stays open: the tool waits for more.
        using (System.Diagnostics.Process kill = System.Diagnostics.Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private static string Indexed(params string[] arguments)
    {
        string index = Workplace.New();
        Tool.Jit.Run([.. Base, .. arguments, "--output", index]).Succeeded();
        return index;
    }

    private static void RequireModel() => SharedData.Require("models", "real", Model);
}
