namespace BertSharp;

/// <summary>
/// What every task on a model holds: the tokenizer, the model, and the longest input that both take. Immutable and thread-safe;
/// the same text gives the same bits in any batch.
/// </summary>
/// <typeparam name="TModel">The model.</typeparam>
public abstract class ModelTask<TModel> : IDisposable
    where TModel : PreTrainedModel
{
    private protected ModelTask(BertTokenizer tokenizer, TModel model, int? maxTokens = null)
    {
        Tokenizer = tokenizer;
        Model = model;
        MaxTokens = TokenLimit.Of(model.Config, tokenizer, maxTokens);
    }

    /// <summary>The tokenizer.</summary>
    public BertTokenizer Tokenizer { get; }

    /// <summary>The model's configuration.</summary>
    public BertConfig Config => Model.Config;

    /// <summary>
    /// Longest input in tokens, special ones included. The end of a longer text is cut off, of a pair that of the longer text,
    /// unless the task says otherwise.
    /// </summary>
    public int MaxTokens { get; }

    private protected TModel Model { get; }

    /// <summary>Frees the weights, after the last call that uses them.</summary>
    public void Dispose()
    {
        Model.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Loads tokenizer and model of a folder or a name of the cache; the model is freed where the task cannot be made of them.</summary>
    private protected static TTask Load<TTask>(string path, WeightFormat? weights, Func<string, WeightFormat?, TModel> load, Func<BertTokenizer, TModel, TTask> create)
    {
        string folder = ModelFolder.Resolve(path);
        BertTokenizer tokenizer = BertTokenizer.Load(folder);
        TModel model = load(folder, weights);
        try
        {
            return create(tokenizer, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
