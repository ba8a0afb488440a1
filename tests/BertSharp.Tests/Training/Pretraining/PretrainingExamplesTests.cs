namespace BertSharp.Tests;

/// <summary>What examples are made of: packed sentences and pairs, against the sentences themselves.</summary>
public sealed class PretrainingExamplesTests
{
    private static readonly BertTokenizer Tokenizer = RandomDocuments.Tokenizer;

    [Fact]
    public void Packed_sentences_are_whole_and_in_order_and_nothing_is_lost()
    {
        using CheckpointFiles files = new();
        string text = RandomDocuments.Text(documents: 40, sentences: 25, longest: 20);
        PretrainingExample[] examples = Read(RandomDocuments.Store(files, text, new ExampleOptions { Length = 64, ShortShare = 0.15 }));
        Assert.All(examples, example => Assert.InRange(example.Ids.Length, 3, 64));
        Assert.All(examples, example => Assert.Equal((Tokenizer.ClsId, Tokenizer.SepId, 0), (example.Ids[0], example.Ids[^1], example.SecondStart)));
        int[] all = [.. examples.SelectMany(example => example.Ids).Where(id => !Tokenizer.IsSpecial(id))];
        Assert.Equal(Tokenizer.Encode(text, new EncodeOptions { AddSpecialTokens = false }).InputIds.ToArray(), all);

        // A full example ends because the next sentence does not fit.
        int most = text.Split('\n').Max(line => Tokenizer.Encode(line).InputIds.Length - 2);
        Assert.True(examples.Count(example => example.Ids.Length + most <= 64) < examples.Length * 0.2);
    }

    [Fact]
    public void A_sentence_longer_than_an_example_goes_on_in_the_next()
    {
        using CheckpointFiles files = new();
        PretrainingExample[] examples = Read(RandomDocuments.Store(files, string.Join(' ', Enumerable.Range(0, 50)), new ExampleOptions { Length = 20, ShortShare = 0 }));
        Assert.Equal([20, 20, 16], examples.Select(example => example.Ids.Length));
        Assert.Equal(Enumerable.Range(6, 50), examples.SelectMany(example => example.Ids[1..^1]));
    }

    [Fact]
    public void Documents_are_parted_by_SEP_and_short_examples_hold_one()
    {
        using CheckpointFiles files = new();
        string text = "1 1\n2 2\n\n3 3\n\n4 4";
        int[] packed = Assert.Single(Read(RandomDocuments.Store(files, text, new ExampleOptions { Length = 32, ShortShare = 0 }, "packed"))).Ids;
        Assert.Equal("[CLS] 1 1 2 2 [SEP] 3 3 [SEP] 4 4 [SEP]", string.Join(' ', packed.Select(Tokenizer.TokenOf)));
        PretrainingExample[] alone = Read(RandomDocuments.Store(files, text, new ExampleOptions { Length = 32, ShortShare = 1, Seed = 3 }, "alone"));
        Assert.All(alone, example => Assert.Equal(1, example.Ids.Count(id => id == Tokenizer.SepId)));
        Assert.InRange(alone.Length, 3, 4);
    }

    [Fact]
    public void The_share_of_one_or_two_sentences_alone_is_that_of_the_option()
    {
        using CheckpointFiles files = new();
        string text = string.Join('\n', Enumerable.Repeat("1 2 3", 100_000));
        PretrainingExample[] examples = Read(RandomDocuments.Store(files, text, new ExampleOptions { Length = 32, ShortShare = 0.15 }))[..10_000];
        AssertShare(0.15, examples.Count(example => example.Ids.Length <= 8), examples.Length);
        AssertShare(0.075, examples.Count(example => example.Ids.Length == 5), examples.Length);
    }

    [Fact]
    public void Half_of_the_pairs_follow_each_other_and_half_are_of_another_document()
    {
        using CheckpointFiles files = new();
        string[] documents = RandomDocuments.Text(documents: 60, sentences: 400, longest: 9).Split("\n\n");
        PretrainingExample[] examples = Read(RandomDocuments.Store(files, string.Join("\n\n", documents), new ExampleOptions { Length = 64, NextSentence = true, Duplicates = 4 }));
        Assert.True(examples.Length > 10_000);
        examples = examples[..10_000];
        AssertShare(0.5, examples.Count(example => example.NextSentence == 1), examples.Length);

        string[] streams = [.. documents.Select(document => $" {string.Join(' ', Tokenizer.Encode(document, new EncodeOptions { AddSpecialTokens = false }).InputIds.ToArray())} ")];
        foreach (PretrainingExample example in examples[..2_000])
        {
            Assert.InRange(example.Ids.Length, 5, 64);
            Assert.Equal((Tokenizer.ClsId, Tokenizer.SepId, Tokenizer.SepId), (example.Ids[0], example.Ids[^1], example.Ids[example.SecondStart - 1]));
            string a = Stream(example.Ids[1..(example.SecondStart - 1)]), b = Stream(example.Ids[example.SecondStart..^1]);
            if (example.Ids.Length > 30 && a.Length > 30 && b.Length > 30)
            {
                bool same = streams.Any(stream => stream.Contains(a, StringComparison.Ordinal) && stream.Contains(b, StringComparison.Ordinal));
                Assert.Equal(example.NextSentence == 0, same);
            }
        }
    }

    [Fact]
    public void Short_pairs_have_the_share_of_the_option()
    {
        // One token a sentence: a pair has as many tokens as were asked for, in 2 … 29, all alike likely where it is short.
        using CheckpointFiles files = new();
        string text = string.Join("\n\n", Enumerable.Repeat(string.Join('\n', Enumerable.Repeat("7", 6_000)), 40));
        PretrainingExample[] examples = Read(RandomDocuments.Store(files, text, new ExampleOptions { Length = 32, NextSentence = true }))[..10_000];
        AssertShare(0.1 * 27 / 28, examples.Count(example => example.Ids.Length < 31), examples.Length);
    }

    [Fact]
    public void The_same_texts_and_seed_give_the_same_bytes_with_any_threads()
    {
        using CheckpointFiles files = new();
        string text = RandomDocuments.Text(documents: 50, sentences: 40, longest: 30);
        foreach (bool pairs in (bool[])[false, true])
        {
            ExampleOptions options = new() { NextSentence = pairs, Seed = 4 };
            string first = RandomDocuments.Store(files, text, options, $"a{pairs}");
            File.Move(files.Path($"a{pairs}.txt"), files.Path("text"));
            PretrainingExamples.Write([files.Path("text")], Tokenizer, files.Path($"b{pairs}"), options);
            Assert.Equal(File.ReadAllBytes(Path.Combine(first, "00000.examples")), File.ReadAllBytes(Path.Combine(files.Path($"b{pairs}"), "00000.examples")));
            PretrainingExamples.Write([files.Path("text")], Tokenizer, files.Path($"c{pairs}"), options with { Seed = 5 });
            Assert.NotEqual(File.ReadAllBytes(Path.Combine(first, "00000.examples")), File.ReadAllBytes(Path.Combine(files.Path($"c{pairs}"), "00000.examples")));
            File.Delete(files.Path("text"));
        }
    }

    [Fact]
    public void What_gives_no_examples_is_refused_and_leaves_nothing_behind()
    {
        using CheckpointFiles files = new();
        Assert.Contains("at least two documents, found 1", Error<DataFileException>("1\n2", new ExampleOptions { NextSentence = true }), StringComparison.Ordinal);
        Assert.Contains("give no example", Error<DataFileException>("\n", new ExampleOptions()), StringComparison.Ordinal);
        Assert.Contains("8 to 65535", Error<ArgumentException>("1", new ExampleOptions { Length = 7 }), StringComparison.Ordinal);
        Assert.Contains("share of short ones", Error<ArgumentException>("1", new ExampleOptions { ShortShare = double.NaN }), StringComparison.Ordinal);
        Assert.Contains("Only pairs", Error<ArgumentException>("1", new ExampleOptions { Duplicates = 2 }), StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(files.Folder));
        Directory.CreateDirectory(files.Path("store"));
        Assert.Contains("exists already", Error<ArgumentException>("1", new ExampleOptions()), StringComparison.Ordinal);

        string Error<T>(string text, ExampleOptions options)
            where T : Exception => Assert.Throws<T>(() => RandomDocuments.Store(files, text, options)).Message;
    }

    private static string Stream(int[] ids) => $" {string.Join(' ', ids)} ";

    private static PretrainingExample[] Read(string folder)
    {
        using ExampleStore store = ExampleStore.Open(folder);
        return [.. Enumerable.Range(0, (int)store.Count).Select(i => store.Read(i))];
    }

    /// <summary>Within three standard errors.</summary>
    private static void AssertShare(double expected, int found, int of) =>
        Assert.InRange(found / (double)of, expected - (3 * Math.Sqrt(expected * (1 - expected) / of)), expected + (3 * Math.Sqrt(expected * (1 - expected) / of)));
}
