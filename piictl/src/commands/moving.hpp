#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/kid_table.hpp"
#include "pii/result.hpp"
#include "settings.hpp"

// What rewrap and retokenize share: they move stored data from one key to another and must not lose a row.
namespace piictl {

/// Which command runs, under which checkpoint (may be empty) and plan, and to which key it moves.
struct Moving {
  std::string command;
  std::string checkpoint;
  std::string plan;  // the flags, as one number
  std::string to;
};

/// Moves the ciphertexts of a batch, and counts which key ids it read and wrote.
class MovingOperation : public stream::ValueOperation {
 public:
  /// What all operations of a run work with.
  struct Work {
    const std::vector<pii::FieldType>& fields;
    pii::Binding binding;  // of the ciphertexts
    KidTable& kids;
  };
  explicit MovingOperation(const Work& work) : work_(work), kids_(work.kids) {}
  pii::Result<void> apply(stream::ValueBatch& values) final;

 protected:
  /// What came of a value. The views must hold until the next call.
  struct Made {
    std::string_view text;
    std::string_view kind;  // as KidCount has it
    int version;
    std::string_view kid;
  };
  virtual pii::Result<Made> move(const pii::FieldType& field, std::string_view old, const pii::Binding& binding,
                                 stream::ValueBatch& values) = 0;

 private:
  const Work& work_;
  KidNumbers kids_;
};

/// The frame of both commands: flags, the batch, the checkpoint.
class MovingCommand : public Command {
 public:
  void declare(OptionList& options) final;
  pii::Result<void> run(Session& session) final;

 protected:
  virtual std::string_view name() const = 0;
  virtual void declare_more(OptionList& options, BindingFlags& binding) = 0;
  /// The keysets that the command needs.
  virtual pii::Result<OpenKeyset> open(const Session& session) const = 0;
  /// The key that is moved to.
  virtual std::string target(pii::KeysetProvider& provider) const = 0;
  virtual stream::OperationFactory operations(const OpenKeyset& keysets, const pii::Binding& binding,
                                              const MovingOperation::Work& work) = 0;

 private:
  BatchFlags flags_;
  BindingFlags binding_;
  std::string checkpoint_;
};

}  // namespace piictl
