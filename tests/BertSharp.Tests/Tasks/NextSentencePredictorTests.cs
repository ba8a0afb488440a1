namespace BertSharp.Tests;

/// <summary>Probabilities against the golden logits: index 0 says that the second sentence follows.</summary>
public sealed class NextSentencePredictorTests
{
    [Theory]
    [InlineData("bert-next-sentence", "output.logits")]
    [InlineData("bert-pretraining", "output.seq_relationship_logits")]
    public void Probabilities_are_those_of_the_golden_logits(string name, string tensor)
    {
        using GoldenCase golden = new(name);
        using GoldenText text = new(golden);
        using NextSentencePredictor predictor = NextSentencePredictor.Load(text.Folder);
        float[] found = predictor.Predict([.. Enumerable.Range(0, text.Count).Select(text.Pair)]);
        double[][] logits = [.. golden.Floats(tensor).Select(logit => (double)logit).Chunk(2)];
        for (int i = 0; i < text.Count; i++)
        {
            Assert.Equal(TinyTask.Softmax(logits[i])[0], found[i], golden.Tolerance);
            Assert.Equal(found[i], predictor.Predict(text.Pair(i).First, text.Pair(i).Second));
        }
    }

    [Fact]
    public void Empty_and_long_sentences_are_read_as_far_as_they_go()
    {
        using TinyTask task = new(HeadKind.NextSentencePrediction);
        using NextSentencePredictor predictor = NextSentencePredictor.Load(task.Folder);
        Assert.Equal(task.NextSentence(TinyTask.Tokenizer.Encode("", "hello")), predictor.Predict("", "hello"), 3e-5);
        string words = string.Join(' ', Enumerable.Repeat("hello", 28));
        Assert.Equal(predictor.Predict(words, "fox"), predictor.Predict(words + " world", "fox"));
        Assert.ThrowsAny<OperationCanceledException>(() => predictor.Predict([("a", "b")], cancellation: new CancellationToken(canceled: true)));
    }
}
