namespace BertSharp.Tests;

/// <summary>A store gives back what was written, and a damaged one is an error, never a wrong example.</summary>
public sealed class ExampleStoreTests
{
    [Fact]
    public void Examples_come_back_in_any_order_from_many_shards()
    {
        using CheckpointFiles files = new();
        PretrainingExample[] examples = [.. Enumerable.Range(0, 500).Select(i => new PretrainingExample([2, .. Enumerable.Range(0, i % 60), 3], i % 3, i % 4 == 3 ? null : i % 2))];
        string folder = Write(files, examples, shardBytes: 1000);
        Assert.True(Directory.GetFiles(folder, "*.examples").Length > 20);
        using ExampleStore store = ExampleStore.Open(folder);
        Assert.Equal(500, store.Count);
        for (long i = 499; i >= 0; i--)
        {
            PretrainingExample read = store.Read(i);
            Assert.Equal(examples[i].Ids, read.Ids);
            Assert.Equal((examples[i].SecondStart, examples[i].NextSentence), (read.SecondStart, read.NextSentence));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => store.Read(500));
    }

    [Fact]
    public void Ids_beyond_two_bytes_take_four()
    {
        using CheckpointFiles files = new();
        BertTokenizer large = BertTokenizer.FromVocabulary([.. TinyVocabulary.Tokens, .. Enumerable.Range(0, 70_000).Select(i => $"t{i}")]);
        Directory.CreateDirectory(files.Path("s"));
        using (ExampleStoreWriter writer = new(files.Path("s"), large, nextSentence: false))
        {
            writer.Add(new PretrainingExample([2, 70_001, 3]));
            writer.Complete([]);
        }

        using ExampleStore store = ExampleStore.Open(files.Path("s"));
        Assert.Equal([2, 70_001, 3], store.Read(0).Ids);
    }

    [Fact]
    public void Every_changed_byte_of_a_shard_is_found_or_does_not_matter()
    {
        using CheckpointFiles files = new();
        PretrainingExample[] examples = [.. Enumerable.Range(0, 3).Select(i => new PretrainingExample([2, i + 6, i + 7, 3], 2, i % 2))];
        string folder = Write(files, examples), shard = Path.Combine(folder, "00000.examples");
        byte[] whole = File.ReadAllBytes(shard);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x40;
            File.WriteAllBytes(shard, damaged);
            using ExampleStore store = ExampleStore.Open(folder);
            int errors = 0;
            for (int i = 0; i < 3; i++)
            {
                try
                {
                    Assert.Equal(examples[i].Ids, store.Read(i).Ids);
                }
                catch (CheckpointException error)
                {
                    Assert.StartsWith($"{shard}: example {i} is damaged: ", error.Message, StringComparison.Ordinal);
                    errors++;
                }
            }

            Assert.InRange(errors, 1, 2);
        }
    }

    [Fact]
    public void A_shard_that_is_cut_or_missing_and_a_header_that_is_none_are_refused()
    {
        using CheckpointFiles files = new();
        string folder = Write(files, [new PretrainingExample([2, 6, 3])]), shard = Path.Combine(folder, "00000.examples"), header = Path.Combine(folder, "examples.json");
        byte[] whole = File.ReadAllBytes(shard);
        File.WriteAllBytes(shard, whole[..^1]);
        Assert.Contains($"expected {whole.Length} bytes with 1 examples, found {whole.Length - 1}", Assert.Throws<CheckpointException>(() => ExampleStore.Open(folder)).Message, StringComparison.Ordinal);
        File.Delete(shard);
        Assert.Contains("is missing", Assert.Throws<CheckpointException>(() => ExampleStore.Open(folder)).Message, StringComparison.Ordinal);
        string text = File.ReadAllText(header);
        foreach ((string old, string changed) in new[] { ("\"version\": 1", "\"version\": 2"), ("00000.examples", "../x"), ("\"examples\": 1", "\"examples\": -1"), ("vocab_size", "size"), ("{", "[") })
        {
            File.WriteAllText(header, text.Replace(old, changed, StringComparison.Ordinal));
            Assert.StartsWith(header, Assert.Throws<CheckpointException>(() => ExampleStore.Open(folder)).Message, StringComparison.Ordinal);
        }

        File.Delete(header);
        Assert.Contains("found no examples.json", Assert.Throws<CheckpointException>(() => ExampleStore.Open(folder)).Message, StringComparison.Ordinal);
    }

    private static string Write(CheckpointFiles files, PretrainingExample[] examples, long shardBytes = 1L << 28)
    {
        string folder = files.Path("store");
        Directory.CreateDirectory(folder);
        using ExampleStoreWriter writer = new(folder, RandomDocuments.Tokenizer, nextSentence: true, shardBytes);
        Array.ForEach(examples, writer.Add);
        writer.Complete([]);
        return folder;
    }
}
