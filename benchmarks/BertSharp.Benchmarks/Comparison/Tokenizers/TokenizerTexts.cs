using System.IO.Compression;
using System.Text.Json;

namespace BertSharp.Benchmarks;

/// <summary>The texts of the comparison, each a paragraph: about two megabytes of English of two kinds, and text in many scripts.</summary>
internal static class TokenizerTexts
{
    public static readonly string[] Sets = ["wikitext-2", "novels", "unicode"];

    private static readonly string[] s_novels =
        ["Blackmore_Lorna_1869.txt", "Burnett_Garden_1911.txt", "Barclay_Postern_1911.txt"];

    /// <summary>Reads them from the shared data and writes SET.jsonl, a JSON string a line.</summary>
    public static void Write(string shared, string folder)
    {
        string corpus = Path.Combine(shared, "data", "corpus");
        Write(folder, Sets[0], Paragraphs([.. Directory.GetFiles(Path.Combine(corpus, "wikitext-2"), "*.txt").Order(StringComparer.Ordinal)]));
        Write(folder, Sets[1], Paragraphs([.. s_novels.Select(novel => Path.Combine(corpus, "100_english_novels", novel))]));
        Write(folder, Sets[2], new[] { "real", "unicode" }.SelectMany(kind =>
            Truth(Path.Combine(shared, "tokenizers", "truth", $"bert-base-uncased.{kind}.jsonl.gz"))));
    }

    private static void Write(string folder, string set, IEnumerable<string> texts) =>
        File.WriteAllLines(Path.Combine(folder, $"{set}.jsonl"), texts.Select(text => JsonSerializer.Serialize(text)));

    private static IEnumerable<string> Paragraphs(string[] files) =>
        files.SelectMany(File.ReadLines).Where(line => !string.IsNullOrWhiteSpace(line));

    private static IEnumerable<string> Truth(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!;
        }
    }
}
