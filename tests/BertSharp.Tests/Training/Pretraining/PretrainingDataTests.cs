namespace BertSharp.Tests;

/// <summary>What a run reads: the mixture, the order, the masks; each a function of the example's number and the seed alone.</summary>
public sealed class PretrainingDataTests
{
    private static readonly BertTokenizer Tokenizer = RandomDocuments.Tokenizer;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(1000)]
    public void A_keyed_permutation_reaches_every_number_once(int count)
    {
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), Enumerable.Range(0, count).Select(i => new KeyedPermutation(9, count).At(i)).Order());
        if (count >= 64)
        {
            long[][] orders = [.. Enumerable.Range(0, 50).Select(key => Enumerable.Range(0, count).Select(i => new KeyedPermutation((ulong)key, count).At(i)).ToArray())];
            Assert.Equal(50, orders.Select(order => string.Join(' ', order)).Distinct().Count());
            Assert.InRange(orders.Average(order => order.Select((to, from) => (double)Math.Abs(to - from)).Average()), count * 0.28, count * 0.38);
        }
    }

    [Fact]
    public void A_mixture_takes_its_weights_from_each_store_and_every_example_once_a_pass()
    {
        ExampleMixture mixture = new([(1000, 60), (70, 25), (333, 15)], 7);
        var drawn = Enumerable.Range(0, 10_000).Select(number => mixture.Find(number)).ToArray();
        Assert.Equal([6000, 2500, 1500], Enumerable.Range(0, 3).Select(source => drawn.Count(draw => draw.Source == source)));
        Assert.All(drawn.Chunk(100), block => Assert.Equal(60, block.Count(draw => draw.Source == 0)));
        foreach ((int source, int count) in ((int, int)[])[(0, 1000), (1, 70), (2, 333)])
        {
            var passes = drawn.Where(draw => draw.Source == source).GroupBy(draw => draw.Pass).ToArray();
            Assert.All(passes[..^1], pass => Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), pass.Select(draw => draw.Example).Order()));
            Assert.NotEqual(passes[0].OrderBy(draw => draw.Example).ToArray(), [.. passes[0]]);
        }
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(true, 3)]
    public void Any_split_into_batches_gives_the_same_bits(bool wholeWord, int? duplicates)
    {
        using CheckpointFiles files = new();
        using PretrainingData data = Open(files);
        MaskingOptions masking = new() { WholeWord = wholeWord, Duplicates = duplicates };
        MaskedBatch whole = data.Batch(1000, 60, masking);
        foreach (int size in (int[])[1, 7, 20])
        {
            List<int> ids = [], labels = [];
            for (int first = 0; first < 60; first += size)
            {
                MaskedBatch part = data.Batch(1000 + first, Math.Min(size, 60 - first), masking);
                ids.AddRange(part.InputIds);
                labels.AddRange(part.Labels);
                Assert.Equal(whole.Offsets[first] + part.Offsets[^1], whole.Offsets[first + part.Count]);
            }

            Assert.Equal(whole.InputIds, ids);
            Assert.Equal(whole.Labels, labels);
        }
    }

    [Fact]
    public void Masks_are_drawn_anew_in_each_pass_or_repeat_after_their_duplicates()
    {
        using CheckpointFiles files = new();
        string folder = RandomDocuments.Store(files, RandomDocuments.Text(1, 30, 20), new ExampleOptions { Length = 64 });
        using PretrainingData data = PretrainingData.Open([(folder, 1)], Tokenizer, 1);
        int count = (int)data.Count;
        Assert.Equal(count * 6, Masks(new MaskingOptions(), 6).Distinct().Count());
        Assert.Equal(count * 3, Masks(new MaskingOptions { Duplicates = 3 }, 6).Distinct().Count());
        Assert.Equal(Masks(new MaskingOptions { Duplicates = 3 }, 3).Order(), Masks(new MaskingOptions { Duplicates = 3 }, 6)[^(count * 3)..].Order());

        string[] Masks(MaskingOptions masking, int passes) => [.. Enumerable.Range(0, count * passes).Select(i => data.Batch(i, 1, masking)).Select(batch => string.Join(' ', [.. batch.InputIds, .. batch.Labels]))];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Over_ten_thousand_examples_the_shares_lie_within_three_standard_errors(bool wholeWord)
    {
        using CheckpointFiles files = new();
        using PretrainingData data = Open(files);
        long ordinary = 0, predicted = 0, masked = 0, random = 0, kept = 0;
        for (int first = 0; first < 10_000; first += 500)
        {
            MaskedBatch batch = data.Batch(first, 500, new MaskingOptions { WholeWord = wholeWord });
            for (int i = 0; i < batch.InputIds.Length; i++)
            {
                bool special = Tokenizer.IsSpecial(batch.Labels[i] == TokenMasking.NotPredicted ? batch.InputIds[i] : batch.Labels[i]);
                Assert.False(special && batch.Labels[i] != TokenMasking.NotPredicted);
                ordinary += special ? 0 : 1;
                if (batch.Labels[i] != TokenMasking.NotPredicted)
                {
                    predicted++;
                    masked += batch.InputIds[i] == Tokenizer.MaskId ? 1 : 0;
                    kept += batch.InputIds[i] == batch.Labels[i] ? 1 : 0;
                    random += batch.InputIds[i] != Tokenizer.MaskId && batch.InputIds[i] != batch.Labels[i] ? 1 : 0;
                }
            }
        }

        // Pieces of a word go together; a random token is the right one once in 111 times.
        double spread = wholeWord ? 2 : 1, same = 0.1 / (Tokenizer.VocabSize - 5);
        AssertShare(0.15, predicted, ordinary, spread);
        AssertShare(0.8, masked, predicted, spread);
        AssertShare(0.1 - same, random, predicted, spread);
        AssertShare(0.1 + same, kept, predicted, spread);
    }

    [Fact]
    public void No_word_is_half_masked()
    {
        using CheckpointFiles files = new();
        using PretrainingData data = Open(files);
        MaskedBatch batch = data.Batch(0, 10_000, new MaskingOptions { WholeWord = true, Share = 0.3 });
        int pairs = 0;
        for (int i = 1; i < batch.InputIds.Length; i++)
        {
            int original = batch.Labels[i] == TokenMasking.NotPredicted ? batch.InputIds[i] : batch.Labels[i];
            if (Tokenizer.TokenOf(original).StartsWith("##", StringComparison.Ordinal) && !batch.Offsets.AsSpan().Contains(i - 1))
            {
                Assert.Equal(batch.Labels[i - 1] == TokenMasking.NotPredicted, batch.Labels[i] == TokenMasking.NotPredicted);
                Assert.Equal(batch.InputIds[i - 1] == Tokenizer.MaskId, batch.InputIds[i] == Tokenizer.MaskId);
                pairs += batch.Labels[i] == TokenMasking.NotPredicted ? 0 : 1;
            }
        }

        Assert.True(pairs > 10_000);
    }

    [Fact]
    public void A_limit_of_predictions_and_shares_of_all_or_none_hold()
    {
        using CheckpointFiles files = new();
        using PretrainingData data = Open(files);
        MaskedBatch few = data.Batch(0, 200, new MaskingOptions { Share = 1, MaxPredictions = 5, WholeWord = true });
        Assert.All(Enumerable.Range(0, 200), i => Assert.InRange(few.Labels[few.Offsets[i]..few.Offsets[i + 1]].Count(label => label >= 0), 1, 5));
        Assert.DoesNotContain(data.Batch(0, 200, new MaskingOptions { Share = 0 }).Labels, label => label >= 0);
        MaskedBatch all = data.Batch(0, 200, new MaskingOptions { Share = 1, MaskShare = 1, RandomShare = 0 });
        Assert.All(all.InputIds, id => Assert.True(Tokenizer.IsSpecial(id)));
        Assert.Throws<ArgumentException>(() => data.Batch(0, 1, new MaskingOptions { MaskShare = 0.8, RandomShare = 0.3 }));
        Assert.Throws<ArgumentException>(() => data.Batch(0, 1, new MaskingOptions { Share = double.NaN }));
    }

    [Fact]
    public void Pairs_have_types_and_labels_and_packed_sentences_have_none()
    {
        using CheckpointFiles files = new();
        string folder = RandomDocuments.Store(files, RandomDocuments.Text(5, 30, 20), new ExampleOptions { Length = 64, NextSentence = true }, "pairs");
        using PretrainingData pairs = PretrainingData.Open([(folder, 1)], Tokenizer, 1);
        MaskedBatch batch = pairs.Batch(0, 10, new MaskingOptions { Share = 0 });
        Assert.Equal(10, batch.NextSentence.Length);
        for (int i = 0; i < 10; i++)
        {
            int[] types = batch.TokenTypeIds[batch.Offsets[i]..batch.Offsets[i + 1]];
            int[] ids = batch.InputIds[batch.Offsets[i]..batch.Offsets[i + 1]];
            Assert.Equal(Array.IndexOf(ids, Tokenizer.SepId) + 1, Array.IndexOf(types, 1));
            Assert.Equal(types.Order(), types);
        }

        using PretrainingData packed = Open(files);
        Assert.Empty(packed.Batch(0, 3, new MaskingOptions()).NextSentence);
        Assert.Contains("cannot be mixed", Assert.Throws<CheckpointException>(() => PretrainingData.Open([(folder, 1), (files.Path("a"), 1)], Tokenizer, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("another vocabulary", Assert.Throws<CheckpointException>(() => PretrainingData.Open([(folder, 1)], TinyVocabulary.Tokenizer, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PretrainingData.Open([(folder, 0)], Tokenizer, 1));
    }

    private static PretrainingData Open(CheckpointFiles files)
    {
        string first = RandomDocuments.Store(files, RandomDocuments.Text(20, 200, 20), new ExampleOptions { Length = 64 }, "a");
        string second = RandomDocuments.Store(files, RandomDocuments.Text(3, 50, 20, seed: 2), new ExampleOptions { Length = 64 }, "b");
        return PretrainingData.Open([(first, 3), (second, 2)], Tokenizer, seed: 11);
    }

    private static void AssertShare(double expected, long found, long of, double spread)
    {
        double error = 3 * Math.Sqrt(spread * expected * (1 - expected) / of);
        Assert.InRange(found / (double)of, expected - error, expected + error);
    }
}
