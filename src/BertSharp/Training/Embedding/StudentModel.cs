namespace BertSharp;

/// <summary>
/// A smaller model to start a distillation from: ELECTRA's shape, with some of the teacher's layers, and its embeddings in
/// fewer dimensions with a projection back to H.
/// </summary>
internal static class StudentModel
{
    private const string Embeddings = "bert.embeddings.";
    private const string LayerPath = "bert.encoder.layer.";

    /// <summary>Makes one; it drops nothing out.</summary>
    /// <param name="teacher">The folder of a BERT.</param>
    /// <param name="layers">Which of the teacher's layers, from 0, in their order.</param>
    /// <param name="embeddingSize">E.</param>
    /// <exception cref="ArgumentException">The teacher is no BERT, or has not these layers or more than E dimensions.</exception>
    public static SentenceEmbedder Create(string teacher, IReadOnlyList<int> layers, int embeddingSize)
    {
        string folder = ModelFolder.Resolve(teacher);
        using SentenceEmbedder source = SentenceEmbedder.Load(folder);
        BertConfig shape = source.Model.Config;
        if (shape.ModelType != "bert" || layers.Count == 0 || layers.Any(layer => layer < 0 || layer >= shape.NumHiddenLayers) || embeddingSize < 2 || embeddingSize >= shape.HiddenSize)
        {
            throw new ArgumentException($"A student takes layers 0 … {shape.NumHiddenLayers - 1} of a bert and 2 … {shape.HiddenSize - 1} dimensions; found a {shape.ModelType}, the layers {string.Join(",", layers)} and {embeddingSize} dimensions.", nameof(layers));
        }

        BertConfig config = shape with
        {
            SourceJson = null,
            ModelType = "electra",
            Architectures = ["ElectraModel"],
            EmbeddingSize = embeddingSize,
            NumHiddenLayers = layers.Count,
            HiddenDropoutProb = 0,
            AttentionProbsDropoutProb = 0,
        };
        EmbeddingBasis basis = new(source.Model.GetParameter(Embeddings + "word_embeddings.weight"), shape.HiddenSize, embeddingSize);
        BertModel model = BertModel.Create(config, (info, firstRow, rows) => Fill(source.Model, basis, layers, info, firstRow, rows));
        SentenceTransformerConfig modules = source.Config with { TransformerPath = "" };
        return new SentenceEmbedder(model, source.Tokenizer, modules, EmbeddingModules.Load(folder, modules, config.HiddenSize));
    }

    private static void Fill(BertModel teacher, EmbeddingBasis basis, IReadOnlyList<int> layers, ParameterInfo info, int firstRow, Span<float> rows)
    {
        if (info.Name.StartsWith(LayerPath, StringComparison.Ordinal))
        {
            string path = LayerPath + layers[info.Layer] + info.Name[(LayerPath.Length + $"{info.Layer}".Length)..];
            teacher.GetParameter(path).AsSpan(firstRow * (int)info.Shape[^1], rows.Length).CopyTo(rows);
        }
        else if (info.Name.EndsWith("_embeddings.weight", StringComparison.Ordinal))
        {
            ReadOnlySpan<float> table = teacher.GetParameter(info.Name);
            int width = teacher.Config.HiddenSize;
            for (int row = 0; row < rows.Length / basis.Size; row++)
            {
                basis.Project(table.Slice((firstRow + row) * width, width), rows.Slice(row * basis.Size, basis.Size));
            }
        }
        else if (info.Name == "bert.embeddings_project.weight")
        {
            Project(teacher, basis, firstRow, rows);
        }
        else if (info.Name == "bert.embeddings_project.bias")
        {
            teacher.GetParameter(Embeddings + "LayerNorm.bias").CopyTo(rows);
        }
        else
        {
            // The student's own LayerNorm: the teacher's gain and bias are in the projection.
            rows.Fill(info.Name == Embeddings + "LayerNorm.weight" ? 1 : 0);
        }
    }

    // A row of E values that LayerNorm has scaled has the length √E, one of H values √H.
    private static void Project(BertModel teacher, EmbeddingBasis basis, int firstRow, Span<float> rows)
    {
        float[] gain = teacher.GetParameter(Embeddings + "LayerNorm.weight");
        double scale = Math.Sqrt(gain.Length / (double)basis.Size);
        for (int i = 0; i < rows.Length; i++)
        {
            (int row, int direction) = Math.DivRem(i, basis.Size);
            rows[i] = (float)(scale * gain[firstRow + row] * basis.Weight(direction, firstRow + row));
        }
    }
}
