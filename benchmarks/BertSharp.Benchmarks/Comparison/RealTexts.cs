using System.IO.Compression;
using System.Text.Json;

namespace BertSharp.Benchmarks.Comparison;

/// <summary>256 contexts of SQuAD v1.1 (dev) and 256 sentences of SST-2 (dev), in an order of a fixed seed, as token ids: at most 512 of each.</summary>
internal static class RealTexts
{
    private const int OfEach = 256;

    public static int[][] Encode(ComparisonPaths paths)
    {
        string data = Path.Combine(paths.Shared, "data");
        Random random = new(42);
        string[] texts = [.. Some(Contexts(Path.Combine(data, "squad", "dev-v1.1.json.zip")), random), .. Some(Sentences(Path.Combine(data, "sst2", "dev.tsv")), random)];
        random.Shuffle(texts);

        // MiniLM's vocabulary is that of bert-base-uncased: one encoding serves both models.
        TokenBatch batch = BertTokenizer.Load(Path.Combine(paths.Shared, "models", "real", "all-MiniLM-L6-v2")).Encode(texts, new EncodeOptions { MaxLength = 512 });
        return [.. Enumerable.Range(0, batch.Count).Select(i => batch.InputIds.Slice(batch.SequenceOffsets[i], batch.Length(i)).ToArray())];
    }

    private static string[] Some(string[] texts, Random random)
    {
        random.Shuffle(texts);
        return texts[..OfEach];
    }

    private static string[] Contexts(string archive)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        using Stream stream = zip.Entries[0].Open();
        using JsonDocument document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("data").EnumerateArray()
            .SelectMany(article => article.GetProperty("paragraphs").EnumerateArray())
            .Select(paragraph => paragraph.GetProperty("context").GetString()!)];
    }

    private static string[] Sentences(string file) => [.. File.ReadLines(file).Skip(1).Select(line => line.Split('\t')[0])];
}
