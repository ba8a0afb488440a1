namespace BertSharp;

/// <summary>What a model is fine-tuned for, and so what its examples hold.</summary>
public enum FineTuningTask
{
    /// <summary>One label of several: <c>text</c>, perhaps <c>text_pair</c>, and <c>label</c>.</summary>
    Classify,

    /// <summary>Any number of labels: <c>text</c>, perhaps <c>text_pair</c>, and <c>labels</c>.</summary>
    MultiLabel,

    /// <summary>A number: <c>text</c>, perhaps <c>text_pair</c>, and <c>label</c>.</summary>
    Regression,

    /// <summary>Whether a document answers a query: <c>text</c>, <c>text_pair</c>, and <c>label</c>, 0 to 1.</summary>
    Rerank,

    /// <summary>A label for each word: <c>tokens</c> and <c>tags</c>, or CoNLL.</summary>
    Tokens,

    /// <summary>The place of an answer: <c>question</c>, <c>context</c> and <c>answers</c>, or SQuAD's JSON, 1.1 and 2.0.</summary>
    Answer,

    /// <summary>One of several texts: <c>text</c>, <c>choices</c> and <c>label</c>, its number from 0.</summary>
    Choice,
}
