namespace BertSharp.Benchmarks;

/// <summary>One thread's use of a tokenizer: BertSharp's here, a peer's in a program of its own that compiles this file too.</summary>
internal interface ITokenizerUnderTest
{
    /// <summary>Name and version, for the report.</summary>
    string Version { get; }

    /// <summary>Encodes a text to ids, special tokens included, in memory that is used again; returns their number.</summary>
    int Ids(string text);

    /// <summary>Encodes a text to ids and their places in the text; returns their number, or -1 where the tokenizer gives no places.</summary>
    int Offsets(string text);

    /// <summary>Encodes all texts by one call, on all cores that the process has; returns the number of tokens, or -1 where the tokenizer has no such call.</summary>
    int Batch(string[] texts);

    /// <summary>The ids of a text, to be compared.</summary>
    IEnumerable<long> Encode(string text);
}
