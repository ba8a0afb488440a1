namespace BertSharp.Tests;

/// <summary>Batches without repeated texts: what they hold, that nothing is lost, that they follow from seed and step alone.</summary>
public sealed class NoDuplicateBatchesTests
{
    /// <summary>200 pairs; every seventh anchor and every fifth positive is common, some anchors are others' positives.</summary>
    private static readonly string[][] Examples = [.. Enumerable.Range(0, 200).Select(i => (string[])[
        i % 7 == 0 ? "the common question" : $"question {i}",
        i % 5 == 0 ? $"answer {i % 50}" : i % 11 == 0 ? $"question {i + 1}" : $"answer {i}"])];

    [Fact]
    public void No_text_occurs_twice_in_a_batch_and_no_example_in_an_epoch()
    {
        NoDuplicateBatches batches = new(Examples, 8, seed: 1);
        Assert.Equal(25, batches.Count);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            int[][] all = [.. Enumerable.Range(epoch * 25, 25).Select(step => batches.Batch(step).ToArray())];
            foreach (int[] batch in all)
            {
                string[] texts = [.. batch.SelectMany(example => Examples[example])];
                Assert.Distinct(texts);
                Assert.InRange(batch.Length, 1, 8);
            }

            int[] drawn = [.. all.SelectMany(batch => batch)];
            Assert.Distinct(drawn);

            // The common question stands in 29 examples and fits into 25 batches.
            Assert.InRange(drawn.Length, 180, 196);
        }
    }

    [Fact]
    public void Without_repeated_texts_every_epoch_has_every_example_and_full_batches()
    {
        string[][] examples = [.. Enumerable.Range(0, 21).Select(i => (string[])[$"q{i}", $"a{i}"])];
        NoDuplicateBatches batches = new(examples, 4, seed: 2);
        int[][] epoch = [.. Enumerable.Range(0, 6).Select(step => batches.Batch(step).ToArray())];
        Assert.Equal([4, 4, 4, 4, 4, 1], epoch.Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(0, 21), epoch.SelectMany(batch => batch).Order());
    }

    [Fact]
    public void A_step_has_the_same_batch_whatever_was_drawn_before()
    {
        NoDuplicateBatches straight = new(Examples, 8, seed: 3), resumed = new(Examples, 8, seed: 3), other = new(Examples, 8, seed: 4);
        int[][] all = [.. Enumerable.Range(0, 75).Select(step => straight.Batch(step).ToArray())];
        Assert.Equal(all[60], resumed.Batch(60));
        Assert.Equal(all[7], resumed.Batch(7));
        Assert.NotEqual(all[0], all[25]);
        Assert.NotEqual(all[0], other.Batch(0));
    }

    [Fact]
    public void One_text_for_all_gives_batches_of_one()
    {
        string[][] examples = [.. Enumerable.Range(0, 10).Select(_ => (string[])["same", "same"])];
        NoDuplicateBatches batches = new(examples, 4, seed: 5);
        Assert.All(Enumerable.Range(0, 3), step => Assert.Single(batches.Batch(step)));
    }

    [Fact]
    public void Nothing_to_draw_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new NoDuplicateBatches([], 4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoDuplicateBatches(Examples, 0, 1));
    }
}
