namespace BertSharp.Tests;

/// <summary>Pseudo-log-likelihoods against the twin, word by word.</summary>
public sealed class SentenceScorerTests
{
    [Fact]
    public void Each_word_is_masked_whole_and_its_pieces_add_up()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        using SentenceScorer scorer = SentenceScorer.Load(task.Folder);
        const string text = "The unaffable foxes, hello!";
        SentenceScore found = scorer.Score(text);
        TokenBatch batch = TinyTask.Tokenizer.Encode(text, new EncodeOptions { Offsets = true });
        Assert.Equal(["The", "unaffable", "foxes", ",", "hello", "!"], found.Words.Select(word => text[word.Start..word.End]));
        Assert.Equal([1, 3, 2, 1, 1, 1], found.Words.Select(word => word.TokenCount));
        for (int word = 0; word < found.Words.Count; word++)
        {
            int[] pieces = [.. Enumerable.Range(0, batch.TokenCount).Where(i => batch.WordIds(0)[i] == word)];
            int[] ids = batch.InputIds.ToArray();
            Array.ForEach(pieces, piece => ids[piece] = TinyTask.Tokenizer.MaskId);
            double[][] logits = task.TokenLogits(new TokenBatch(ids, new int[ids.Length], [0, ids.Length]));
            double expected = pieces.Sum(piece => Math.Log(TinyTask.Softmax(logits[piece])[batch.InputIds[piece]]));
            Assert.Equal(expected, found.Words[word].LogProbability, 1e-4);
        }

        Assert.Equal(9, found.TokenCount);
        Assert.Equal(found.Words.Sum(word => word.LogProbability), found.LogProbability, 1e-12);
        Assert.Equal(Math.Exp(-found.LogProbability / 9), found.PseudoPerplexity, 1e-12);
    }

    [Fact]
    public void A_text_without_words_has_nothing_to_explain()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        using SentenceScorer scorer = SentenceScorer.Load(task.Folder);
        foreach (string text in (string[])["", "  \t"])
        {
            SentenceScore found = scorer.Score(text);
            Assert.Equal((0.0, 0, 1.0, 0), (found.LogProbability, found.TokenCount, found.PseudoPerplexity, found.Words.Count));
        }
    }

    [Fact]
    public void Scores_have_the_same_bits_alone_and_in_any_batch_across_blocks()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        using SentenceScorer scorer = SentenceScorer.Load(task.Folder);
        string[] texts = [.. Enumerable.Range(0, 20).Select(i => string.Join(' ', Enumerable.Repeat("the foxes jumped", 1 + (i % 7)))), "", "hello"];
        List<int> reported = [];
        IReadOnlyList<SentenceScore> together = scorer.Score(texts, new Immediate<int>(reported.Add));
        Assert.Equal(together.Sum(score => score.Words.Count), reported[^1]);
        Assert.True(reported.Count > 3, "The copies fill more than one block.");
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.Equal(scorer.Score(texts[i]).Words, together[i].Words);
        }
    }

    [Fact]
    public void Words_beyond_the_limit_are_not_scored()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        using SentenceScorer scorer = SentenceScorer.Load(task.Folder);
        SentenceScore found = scorer.Score(string.Join(' ', Enumerable.Repeat("hello", 99)));
        Assert.Equal(30, found.TokenCount);
        Assert.ThrowsAny<OperationCanceledException>(() => scorer.Score(["hello"], cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void An_impossible_word_is_very_unlikely_and_not_minus_infinity()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        using BertForMaskedLM head = BertForMaskedLM.Load(task.Folder);
        float[] bias = head.GetParameter("cls.predictions.bias");
        bias[13] = -500; // e⁻⁵⁰⁰ is 0 in float32.
        TensorSource[] tensors = [.. head.ParameterList.Select(info => TensorSource.Of(info.Name, info.Name == "cls.predictions.bias" ? bias : head.GetParameter(info.Name), [.. info.Shape]))];
        CheckpointWriter.Save(Path.Combine(task.Folder, "model.safetensors"), tensors);
        using SentenceScorer scorer = SentenceScorer.Load(task.Folder);
        Assert.InRange(scorer.Score("hello").LogProbability, -520, -480);
    }
}
