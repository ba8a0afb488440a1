namespace BertSharp.Tests;

/// <summary>Guesses against the golden logits, and the edges.</summary>
public sealed class MaskFillerTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData("bert-masked-lm", "output.logits")]
    [InlineData("bert-pretraining", "output.prediction_logits")]
    [InlineData("distilbert-masked-lm", "output.logits")]
    [InlineData("roberta-masked-lm", "output.logits")]
    public void Guesses_are_the_softmax_of_the_golden_logits(string name, string tensor)
    {
        using GoldenCase golden = new(name);
        double[][] logits = [.. golden.Floats(tensor).Select(logit => (double)logit).Chunk(golden.Tensor(tensor).Shape is [.., long v] ? (int)v : 0)];
        for (int sequence = 0; sequence < golden.Sequences; sequence++)
        {
            // The token that is most frequent in the sequence is called the mask: so masks stand where the golden input has it.
            int[] ids = golden.Ids[(sequence * golden.Length)..((sequence + 1) * golden.Length)];
            int mask = ids.Where((_, i) => golden.Mask[(sequence * golden.Length) + i] != 0).GroupBy(id => id).MaxBy(group => group.Count())!.Key;
            using GoldenText text = new(golden, mask);
            using MaskFiller filler = MaskFiller.Load(text.Folder);
            FillOptions all = new() { TopK = logits[0].Length };

            // A pair has token types that a text alone cannot have: there the tokens are given as they are.
            FilledText found = golden.Types.Contains(1) ? filler.Fill(golden.Batch.Select([sequence]), all)[0] : filler.Fill([text.Text(sequence)], all)[0];
            int[] places = [.. Enumerable.Range(0, text.Ids(sequence).Length).Where(i => ids[i] == mask)];
            Assert.Equal(places.Length, found.Masks.Count);
            foreach ((int place, IReadOnlyList<Guess> guesses) in places.Zip(found.Masks))
            {
                double[] scores = TinyTask.Softmax(logits[(sequence * golden.Length) + place]);
                Assert.Equal(scores.Length, guesses.Select(guess => guess.Id).Distinct().Count());
                Assert.All(guesses, guess => Assert.Equal(scores[guess.Id], guess.Score, golden.Tolerance));
                log.WriteLine($"{name}, token {place} of sequence {sequence}: scores within {guesses.Max(guess => Math.Abs(scores[guess.Id] - guess.Score)):e1} of {golden.Tolerance:e0}");
                Assert.All(guesses, guess => Assert.Equal(GoldenText.Token(guess.Id), guess.Token));
                Assert.Equal(guesses.OrderByDescending(guess => guess.Score), guesses);
            }
        }
    }

    [Fact]
    public void Several_masks_have_guesses_of_their_own_and_show_the_others()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        using MaskFiller filler = MaskFiller.Load(task.Folder);
        FilledText filled = filler.Fill(["the [MASK] jumped, [MASK]!"], new FillOptions { TopK = 3 })[0];
        double[][] logits = task.TokenLogits(TinyTask.Tokenizer.Encode("the [MASK] jumped, [MASK]!"));
        Assert.Equal(2, filled.Masks.Count);
        foreach ((int place, IReadOnlyList<Guess> guesses) in new[] { 2, 6 }.Zip(filled.Masks))
        {
            double[] scores = TinyTask.Softmax(logits[place]);
            Assert.Equal(scores.Index().OrderByDescending(entry => entry.Item).Take(3).Select(entry => entry.Index), guesses.Select(guess => guess.Id));
            Assert.All(guesses, guess => Assert.Equal(scores[guess.Id], guess.Score, 3e-5));
        }

        Assert.Equal(TinyTask.Tokenizer.Decode([2, 8, filled.Masks[0][0].Id, 11, 12, 18, 4, 20, 3], skipSpecialTokens: false), filled.Masks[0][0].Sequence);
        Assert.Contains("[MASK]", filled.Masks[1][2].Sequence, StringComparison.Ordinal);
        Assert.Same(filled.Masks[0], filled.Guesses);
    }

    [Fact]
    public void One_mask_shows_the_text_without_special_tokens()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        using MaskFiller filler = MaskFiller.Load(task.Folder);
        IReadOnlyList<Guess> guesses = filler.Fill("Hello, [MASK] fox.", topK: 2);
        Assert.Equal(2, guesses.Count);
        Assert.Equal(TinyTask.Tokenizer.Decode([13, 18, guesses[0].Id, 9, 17]), guesses[0].Sequence);
    }

    [Fact]
    public void Targets_are_ranked_by_their_share_of_the_whole_vocabulary()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        using MaskFiller filler = MaskFiller.Load(task.Folder);
        Assert.Equal((8, 5, null), (filler.TargetId("the"), filler.TargetId("unaffable"), filler.TargetId(" ")));
        double[] scores = TinyTask.Softmax(task.TokenLogits(TinyTask.Tokenizer.Encode("the [MASK]"))[2]);
        FilledText filled = filler.Fill(["the [MASK]"], new FillOptions { Targets = ["world", "the", "unaffable", " ", "world", "##es"] })[0];
        Assert.Equal(new[] { 14, 8, 5, 10 }.OrderByDescending(id => scores[id]), filled.Guesses.Select(guess => guess.Id));
        Assert.All(filled.Guesses, guess => Assert.Equal(scores[guess.Id], guess.Score, 3e-5));
        Assert.Contains("Targets", Assert.Throws<ArgumentException>(() => filler.Fill(["[MASK]"], new FillOptions { Targets = [" "] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_has_the_same_bits_alone_and_in_any_batch()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        using MaskFiller filler = MaskFiller.Load(task.Folder);
        string[] texts = ["[MASK]", "the fox [MASK] the world", "[MASK] [MASK] [MASK]", string.Concat(Enumerable.Repeat("[MASK] ", 30)), "[MASK]"];
        IReadOnlyList<FilledText> together = filler.Fill(texts);
        for (int i = 0; i < texts.Length; i++)
        {
            FilledText alone = filler.Fill([texts[i]])[0];
            Assert.Equal(alone.Masks.SelectMany(guesses => guesses), together[i].Masks.SelectMany(guesses => guesses));
        }
    }

    [Fact]
    public void A_text_without_a_mask_or_with_one_beyond_the_limit_is_named()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        using MaskFiller filler = MaskFiller.Load(task.Folder);
        string padding = string.Join(' ', Enumerable.Repeat("hello", 30));
        AssertError("The text: there is no mask; write [MASK]", () => filler.Fill(""));
        AssertError("Text 1: there is no mask", () => filler.Fill(["[MASK]", "the fox"]));
        AssertError("The text has 2 masks ([MASK]), expected one", () => filler.Fill("[MASK] [MASK]"));
        AssertError("The text: of 1 masks ([MASK]) 0 are within the 32 tokens", () => filler.Fill($"{padding} [MASK]"));
        AssertError("Text 1: of 2 masks ([MASK]) 1 are within the 32 tokens", () => filler.Fill(["[MASK]", $"[MASK] {padding} [MASK]"]));
        AssertError("Text 1: there is no mask", () => filler.Fill(TinyTask.Tokenizer.Encode(["[MASK]", "the fox"])));
        Assert.Null(filler.ProblemOf("the [MASK]"));
        Assert.StartsWith("there is no mask", filler.ProblemOf("the fox"), StringComparison.Ordinal);
        AssertError("TopK is 0", () => filler.Fill("[MASK]", topK: 0));
        Assert.Equal(5, filler.Fill($"[MASK] {padding} the end").Count);
        Assert.ThrowsAny<OperationCanceledException>(() => filler.Fill(["[MASK]"], cancellation: new CancellationToken(canceled: true)));

        static void AssertError(string words, Action call) => Assert.Contains(words, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_without_a_mask_is_refused()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        BertTokenizer.FromVocabulary([.. TinyVocabulary.Tokens.Select(token => token == "[MASK]" ? "[GAP]" : token)]).Save(task.Folder);
        Assert.Contains("[MASK]", Assert.Throws<TokenizerException>(() => MaskFiller.Load(task.Folder)).Message, StringComparison.Ordinal);
    }
}
