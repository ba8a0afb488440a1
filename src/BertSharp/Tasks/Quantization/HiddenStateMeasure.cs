namespace BertSharp;

/// <summary>An encoder, by the last hidden state of every token.</summary>
internal sealed class HiddenStateMeasure(string folder, BertConfig config) : QuantizationMeasure(folder, config, "1 - cosine of the tokens' hidden states, first percentile")
{
    public override float[][] Answer(QuantizationConfig? quantization, TokenBatch batch, IProgress<int> progress, CancellationToken cancellation)
    {
        using BertModel model = BertModel.Load(Folder, quantization);
        using BertOutput output = new();
        List<float[]> states = [];
        int done = 0;
        foreach (int[] block in SequenceBlocks.Of(batch))
        {
            model.Forward(batch.Select(block), output, null, null, cancellation);
            for (int token = 0; token < output.LastHiddenState.Rows; token++)
            {
                states.Add(output.LastHiddenState.Row(token).ToArray());
            }

            progress.Report(done += block.Length);
        }

        return [.. states];
    }

    public override QuantizationDrop Compare(float[][] expected, float[][] found) => VectorDrop.Of(expected, found);
}
