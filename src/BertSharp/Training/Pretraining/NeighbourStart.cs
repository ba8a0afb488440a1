namespace BertSharp;

/// <summary>
/// Weights to start pretraining from. With random ones attention has to find out what "the word before" is, and meanwhile, for
/// millions of tokens of a small model, the loss stays where counting words brings it. Here positions begin as sinusoids
/// (Vaswani et al. 2017, section 3.5) in columns of their own, where words begin with zeros, and each head of the first layer
/// begins by looking at one neighbour: −1, +1, −2, +2 … (in the way of mimetic initialization; Trockman and Kolter 2023). All of it
/// is ordinary weights, which training changes.
/// </summary>
internal static class NeighbourStart
{
    private const string Embeddings = "bert.embeddings.", Attention = "bert.encoder.layer.0.attention.self.";

    /// <summary>The waves grow from two tokens to some 2 · e^5.5 = 490: each of n is 1 + 5.5 / n times as long as the one before.</summary>
    private const double LengthRange = 5.5;

    /// <summary>The score of the neighbour that a head looks at; the one beside it has some 7.</summary>
    private const double Peak = 10;

    /// <summary>Changes a new model.</summary>
    public static void Apply(PreTrainedModel model)
    {
        BertConfig config = model.Config;
        if (model.Parameters.Find(Embeddings + "position_embeddings.weight") is not { } positions || positions.Columns != config.HiddenSize)
        {
            throw new ArgumentException($"A model of the family '{config.ModelType}' has no position embeddings of its hidden size; only its random weights can be its start.", nameof(model));
        }

        // At most a quarter of the columns: the rest is for words. Frequencies are in half turns a token.
        int waves = Math.Min(config.HiddenSize / config.NumAttentionHeads, config.HiddenSize / 4) / 2;
        double[] frequencies = [.. Enumerable.Range(1, waves).Select(i => 1 / WholePower.Of(1 + (LengthRange / waves), i))];
        SetPositions(positions, frequencies, config.InitializerRange * Math.Sqrt(2));
        ClearColumns(model.Parameters[Embeddings + "word_embeddings.weight"], 2 * waves);
        ClearColumns(model.Parameters[Embeddings + "token_type_embeddings.weight"], 2 * waves);
        if (config.NumHiddenLayers > 0)
        {
            AddWaves(model.Parameters[Attention + "key.weight"], config, frequencies, _ => 0);
            AddWaves(model.Parameters[Attention + "query.weight"], config, frequencies, head => ((head / 2) + 1) * (head % 2 == 0 ? -1 : 1));
        }
    }

    // Columns 2i and 2i + 1 are the sine and the cosine of frequency i; the others are the words'.
    private static void SetPositions(Parameter positions, double[] frequencies, double amplitude)
    {
        for (int position = 0; position < positions.Rows; position++)
        {
            Span<float> row = positions.Table.RowSpan(position);
            row.Clear();
            for (int i = 0; i < frequencies.Length; i++)
            {
                (double sine, double cosine) = CosineOfPi.SinCos(position * frequencies[i]);
                (row[2 * i], row[(2 * i) + 1]) = ((float)(amplitude * sine), (float)(amplitude * cosine));
            }
        }
    }

    private static void ClearColumns(Parameter table, int columns)
    {
        for (int row = 0; row < table.Rows; row++)
        {
            table.Table.RowSpan(row)[..columns].Clear();
        }
    }

    /// <summary>
    /// Adds the waves to each head's rows, turned by as many tokens as the head looks away: the product of a query so turned and a
    /// key is a sum of cos(π (distance − offset) · frequency), largest at the offset.
    /// </summary>
    private static void AddWaves(Parameter weight, BertConfig config, double[] frequencies, Func<int, int> offset)
    {
        int size = config.HiddenSize / config.NumAttentionHeads;
        double scale = Math.Sqrt(Peak * Math.Sqrt(size) / Math.Max(1, frequencies.Length));
        for (int head = 0; head < config.NumAttentionHeads; head++)
        {
            for (int i = 0; i < frequencies.Length; i++)
            {
                (double sine, double cosine) = CosineOfPi.SinCos(offset(head) * frequencies[i]);
                int row = (head * size) + (2 * i);
                Add(weight, row, 2 * i, scale * cosine, scale * sine);
                Add(weight, row + 1, 2 * i, scale * -sine, scale * cosine);
            }
        }
    }

    private static void Add(Parameter weight, int row, int column, double first, double second)
    {
        float[] values = new float[weight.Columns];
        weight.CopyRow(row, values);
        values[column] += (float)first;
        values[column + 1] += (float)second;
        weight.SetRows(row, values);
    }
}
