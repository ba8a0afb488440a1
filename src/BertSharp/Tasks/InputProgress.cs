namespace BertSharp;

/// <summary>Counts the inputs that are done, where an input may be several windows of a batch.</summary>
internal sealed class InputProgress
{
    private readonly TokenBatch _batch;
    private readonly IProgress<int>? _progress;
    private readonly int[] _open;
    private int _done;

    public InputProgress(TokenBatch batch, IProgress<int>? progress)
    {
        (_batch, _progress) = (batch, progress);
        _open = new int[batch.Count];
        for (int sequence = 0; sequence < batch.Count; sequence++)
        {
            _open[batch.SourceOf(sequence)]++;
        }
    }

    /// <summary>Reports how many inputs have no window left, now that these sequences are done.</summary>
    public void Report(ReadOnlySpan<int> sequences)
    {
        foreach (int sequence in sequences)
        {
            _done += --_open[_batch.SourceOf(sequence)] == 0 ? 1 : 0;
        }

        _progress?.Report(_done);
    }
}
