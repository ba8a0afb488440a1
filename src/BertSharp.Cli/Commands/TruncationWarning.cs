using BertSharp.Cli.Input;

namespace BertSharp.Cli.Commands;

/// <summary>Counts the texts that were cut at the limit, and says it once, at the end.</summary>
/// <param name="limit">The most tokens of a sequence.</param>
/// <param name="remedy">What to do about it.</param>
internal sealed class TruncationWarning(int? limit, string remedy)
{
    private long _count;
    private string _first = "";

    public void Count(bool truncated, InputRecord record)
    {
        if (truncated && _count++ == 0)
        {
            _first = record.Place;
        }
    }

    /// <summary>Counts the texts of a batch.</summary>
    public void CountAll(List<InputRecord> records, Func<int, bool> truncated)
    {
        for (int i = 0; i < records.Count; i++)
        {
            Count(truncated(i), records[i]);
        }
    }

    public void Say()
    {
        if (_count > 0)
        {
            string texts = _count == 1 ? "1 text was" : $"{_count} texts were";
            CommandContext.Warn($"{texts} cut at {limit} tokens, first {_first}; {remedy}");
        }
    }
}
