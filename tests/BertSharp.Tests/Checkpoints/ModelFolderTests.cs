namespace BertSharp.Tests;

public sealed class ModelFolderTests : IDisposable
{
    private readonly CheckpointFiles _files = new();

    [Theory]
    [InlineData("org/name", "models--org--name")]
    [InlineData("bert-base-uncased", "models--bert-base-uncased")]
    [InlineData("all-MiniLM-L6-v2", "models--sentence-transformers--all-MiniLM-L6-v2")]
    public void A_hub_name_is_found_in_the_cache(string name, string folder)
    {
        string expected = Snapshot(folder, "0123abc", main: true);
        Snapshot(folder, "fffffff", main: false);
        Assert.Equal(expected, ModelFolder.Resolve(name, Environment("HF_HOME", _files.Folder)));
    }

    [Fact]
    public void One_snapshot_without_a_reference_is_found_and_two_are_not()
    {
        string expected = Snapshot("models--a--b", "123", main: false);
        Assert.Equal(expected, ModelFolder.Resolve("a/b", Environment("HF_HOME", _files.Folder)));
        Snapshot("models--a--b", "456", main: false);
        Assert.Throws<CheckpointException>(() => ModelFolder.Resolve("a/b", Environment("HF_HOME", _files.Folder)));
    }

    [Theory]
    [InlineData("HF_HUB_CACHE", "hub")]
    [InlineData("HUGGINGFACE_HUB_CACHE", "hub")]
    [InlineData("HF_HOME", "")]
    public void The_variables_of_hugging_face_are_followed(string variable, string below)
    {
        string expected = Snapshot("models--a--b", "123", main: true);
        Assert.Equal(expected, ModelFolder.Resolve("a/b", Environment(variable, Path.Combine(_files.Folder, below).TrimEnd('/'))));
    }

    [Fact]
    public void The_cache_lies_in_the_home_folder_by_default()
    {
        Assert.EndsWith(Path.Combine(".cache", "huggingface", "hub"), HubCache.Folder(_ => null), StringComparison.Ordinal);
        Assert.Equal(Path.Combine("/x", "huggingface", "hub"), HubCache.Folder(Environment("XDG_CACHE_HOME", "/x")));
    }

    [Fact]
    public void The_error_tells_where_it_looked_and_what_to_do()
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => ModelFolder.Resolve("name", Environment("HF_HOME", _files.Folder)));
        Assert.Contains("models--name", error.Message, StringComparison.Ordinal);
        Assert.Contains("models--sentence-transformers--name", error.Message, StringComparison.Ordinal);
        Assert.Contains(": bert download name;", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1.0")]
    [InlineData("refs/pr/1")]
    [InlineData("456")]
    public void A_revision_is_found_by_its_reference_or_its_commit(string revision)
    {
        Snapshot("models--a--b", "123", main: true);
        string expected = Snapshot("models--a--b", "456", main: false);
        _files.Write("hub/models--a--b/refs/v1.0", "456");
        _files.Write("hub/models--a--b/refs/refs/pr/1", "456");
        Assert.Equal(expected, ModelFolder.Resolve($"a/b@{revision}", Environment("HF_HOME", _files.Folder)));
    }

    [Fact]
    public void Another_revision_than_the_one_asked_for_is_not_taken()
    {
        Snapshot("models--a--b", "123", main: true);
        CheckpointException error = Assert.Throws<CheckpointException>(() => ModelFolder.Resolve("a/b@v2", Environment("HF_HOME", _files.Folder)));
        Assert.Contains("bert download a/b@v2;", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b@../../snapshots/123")]
    [InlineData("a/b@")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("a/b/c")]
    [InlineData("a--b/c")]
    [InlineData("")]
    [InlineData("/absent/folder")]
    [InlineData("a\0b")]
    public void What_is_no_hub_name_is_not_looked_up(string name) =>
        Assert.DoesNotContain("models--", Assert.Throws<CheckpointException>(() => ModelFolder.Resolve(name, Environment("HF_HOME", _files.Folder))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_reference_cannot_leave_the_cache()
    {
        Snapshot("models--a--b", "123", main: false);
        _files.Write("hub/models--a--b/refs/main", "../../..");
        Assert.EndsWith("123", ModelFolder.Resolve("a/b", Environment("HF_HOME", _files.Folder)), StringComparison.Ordinal);
    }

    [Fact]
    public void Linked_files_of_the_cache_are_read()
    {
        string blob = _files.Write("hub/models--a--b/blobs/1", CheckpointFiles.Safetensors("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4));
        string snapshot = Snapshot("models--a--b", "123", main: true);
        File.CreateSymbolicLink(Path.Combine(snapshot, "model.safetensors"), blob);
        using Checkpoint checkpoint = Checkpoint.Open(ModelFolder.Resolve("a/b", Environment("HF_HOME", _files.Folder)));
        Assert.Single(checkpoint.Tensors);
    }

    public void Dispose() => _files.Dispose();

    private string Snapshot(string folder, string commit, bool main)
    {
        string snapshot = _files.Path("hub", folder, "snapshots", commit);
        Directory.CreateDirectory(snapshot);
        if (main)
        {
            _files.Write($"hub/{folder}/refs/main", commit);
        }

        return snapshot;
    }

    private static Func<string, string?> Environment(string variable, string value) => name => name == variable ? value : null;
}
